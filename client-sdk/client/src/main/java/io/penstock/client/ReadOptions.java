package io.penstock.client;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Which state of a dataset is good enough for a read, and how much of a row is wanted. {@link #none()} takes the current
 * version, whatever its age, and whole rows.
 *
 * @param version read this version instead of the current one; 0 = current
 * @param minRevision refuse answers older than this revision; 0 = any. A {@link Session} keeps it by itself
 * @param maxAge refuse data whose {@code data_as_of} is longer ago; empty = any age
 * @param ifGeneration the {@link Lookup#generation} of the value the caller has: if it still holds, the outcome is
 *     {@link Outcome#UNCHANGED} and no value is sent; 0 = always send it. Not in a batch
 * @param fields the numbers of the contract's fields that are wanted, each above zero; the server leaves the others out
 *     of the rows. Kept in their order, each once; empty = all
 */
public record ReadOptions(
        long version, long minRevision, Optional<Duration> maxAge, long ifGeneration, List<Integer> fields) {
    private static final ReadOptions NONE = new ReadOptions(0, 0, Optional.empty(), 0, List.of());

    public ReadOptions {
        if (version < 0) {
            throw new IllegalArgumentException("version: " + version + " (expected: >= 0)");
        }
        if (minRevision < 0) {
            throw new IllegalArgumentException("minRevision: " + minRevision + " (expected: >= 0)");
        }
        maxAge.ifPresent(age -> {
            if (age.isNegative() || age.isZero()) {
                throw new IllegalArgumentException("maxAge: " + age + " (expected: > 0)");
            }
        });
        fields = fields.isEmpty()
                ? List.of()
                : fields.stream().sorted().distinct().toList();
        if (!fields.isEmpty() && fields.get(0) < 1) {
            throw new IllegalArgumentException("fields: " + fields.get(0) + " (expected: numbers of fields, > 0)");
        }
    }

    /** The current version, whatever its age; whole rows. */
    public static ReadOptions none() {
        return NONE;
    }

    public ReadOptions withVersion(long newVersion) {
        return new ReadOptions(newVersion, minRevision, maxAge, ifGeneration, fields);
    }

    public ReadOptions withMinRevision(long newMinRevision) {
        return new ReadOptions(version, newMinRevision, maxAge, ifGeneration, fields);
    }

    public ReadOptions withMaxAge(Duration newMaxAge) {
        return new ReadOptions(version, minRevision, Optional.of(newMaxAge), ifGeneration, fields);
    }

    public ReadOptions withIfGeneration(long newIfGeneration) {
        return new ReadOptions(version, minRevision, maxAge, newIfGeneration, fields);
    }

    public ReadOptions withFields(Collection<Integer> newFields) {
        return new ReadOptions(version, minRevision, maxAge, ifGeneration, List.copyOf(newFields));
    }

    io.penstock.serving.v1.ReadOptions toProto() {
        io.penstock.serving.v1.ReadOptions.Builder proto = io.penstock.serving.v1.ReadOptions.newBuilder()
                .setVersion(version)
                .setMinRevision(minRevision)
                .setIfGeneration(ifGeneration)
                .addAllFields(fields);
        maxAge.ifPresent(
                age -> proto.getMaxAgeBuilder().setSeconds(age.getSeconds()).setNanos(age.getNano()));
        return proto.build();
    }
}
