package io.penstock.client;

import java.time.Duration;
import java.util.Optional;

/**
 * Which state of a dataset is good enough for a read. {@link #none()} takes the current version, whatever its age.
 *
 * @param version read this version instead of the current one; 0 = current
 * @param minRevision refuse answers older than this revision; 0 = any. A {@link Session} keeps it by itself
 * @param maxAge refuse data whose {@code data_as_of} is longer ago; empty = any age
 * @param ifGeneration the {@link Lookup#generation} of the value the caller has: if it still holds, the outcome is
 *     {@link Outcome#UNCHANGED} and no value is sent; 0 = always send it. Not in a batch
 */
public record ReadOptions(long version, long minRevision, Optional<Duration> maxAge, long ifGeneration) {
    private static final ReadOptions NONE = new ReadOptions(0, 0, Optional.empty(), 0);

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
    }

    /** The current version, whatever its age. */
    public static ReadOptions none() {
        return NONE;
    }

    public ReadOptions withVersion(long newVersion) {
        return new ReadOptions(newVersion, minRevision, maxAge, ifGeneration);
    }

    public ReadOptions withMinRevision(long newMinRevision) {
        return new ReadOptions(version, newMinRevision, maxAge, ifGeneration);
    }

    public ReadOptions withMaxAge(Duration newMaxAge) {
        return new ReadOptions(version, minRevision, Optional.of(newMaxAge), ifGeneration);
    }

    public ReadOptions withIfGeneration(long newIfGeneration) {
        return new ReadOptions(version, minRevision, maxAge, newIfGeneration);
    }

    io.penstock.serving.v1.ReadOptions toProto() {
        io.penstock.serving.v1.ReadOptions.Builder proto = io.penstock.serving.v1.ReadOptions.newBuilder()
                .setVersion(version)
                .setMinRevision(minRevision)
                .setIfGeneration(ifGeneration);
        maxAge.ifPresent(
                age -> proto.getMaxAgeBuilder().setSeconds(age.getSeconds()).setNanos(age.getNano()));
        return proto.build();
    }
}
