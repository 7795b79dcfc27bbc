package io.penstock.client;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.penstock.serving.v1.BatchGetResponse;
import io.penstock.serving.v1.DatasetRows;
import io.penstock.serving.v1.RowResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a batch has been answered so far. Not thread-safe. */
final class BatchAnswers {
    private final String what;
    private final List<Group<?>> groups = new ArrayList<>();
    private final @Nullable SeenRevisions seen;

    BatchAnswers(String what, List<Batch.Part<?>> parts, @Nullable SeenRevisions seen) {
        this.what = what;
        this.seen = seen;
        for (Batch.Part<?> part : parts) {
            ReadOptions options = seen == null ? part.options() : seen.atLeast(part.dataset(), part.options());
            groups.add(new Group<>(part, options));
        }
    }

    /** The options to ask for a part with: the caller's, and once a version is known, that version's. */
    ReadOptions wanted(int part) {
        Group<?> group = groups.get(part);
        VersionStamp stamp = group.stamp;
        return stamp == null
                ? group.options
                : group.options.withVersion(stamp.version()).withMinRevision(stamp.revision());
    }

    /** The slices whose answers are still wanted: a part that failed as a whole is not asked for again. */
    List<BatchPlan.Slice> stillWanted(List<BatchPlan.Slice> slices) {
        return slices.stream()
                .filter(slice -> groups.get(slice.part()).failure == null)
                .toList();
    }

    /** Takes an answer in; true if a version that this batch has rows of is gone. */
    boolean accept(List<BatchPlan.Slice> slices, BatchGetResponse response) {
        if (response.getGroupsCount() != slices.size()) {
            throw Failures.notUnderstood(
                    what, response.getGroupsCount() + " groups in the answer (expected: " + slices.size() + ")", null);
        }
        boolean gone = false;
        for (int i = 0; i < slices.size(); i++) {
            gone |= groups.get(slices.get(i).part()).accept(slices.get(i), response.getGroups(i));
        }
        return gone;
    }

    /** Whether a dataset as a whole could not be answered here, though another server, or another try, may. */
    boolean isUnavailable() {
        for (Group<?> group : groups) {
            if (group.failure != null && group.failure.code() == Status.Code.UNAVAILABLE) {
                return true;
            }
        }
        return false;
    }

    BatchResult result() {
        Map<Batch.Part<?>, BatchRows<?>> rows = new HashMap<>();
        for (Group<?> group : groups) {
            rows.put(group.part, group.rows());
        }
        return new BatchResult(rows);
    }

    private final class Group<T> {
        final Batch.Part<T> part;
        final ReadOptions options;
        private final @Nullable Lookup<T>[] lookups;

        @Nullable
        VersionStamp stamp;

        private @Nullable PenstockException failure;

        @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of a generic type
        Group(Batch.Part<T> part, ReadOptions options) {
            this.part = part;
            this.options = options;
            this.lookups = new Lookup[part.keys().size()];
        }

        boolean accept(BatchPlan.Slice slice, DatasetRows rows) {
            if (rows.getCode() != 0) {
                if (failure == null) {
                    failure = Failures.ofPart(name(), rows.getCode(), rows.getReason());
                }
                return isGone(rows);
            }
            if (!rows.hasVersionInfo() || rows.getRowsCount() != slice.to() - slice.from()) {
                throw Failures.notUnderstood(
                        name(),
                        rows.getRowsCount() + " rows" + (rows.hasVersionInfo() ? "" : " of no version")
                                + " in the answer (expected: " + (slice.to() - slice.from()) + " of a version)",
                        null);
            }
            VersionStamp answered = VersionStamp.of(name(), rows.getVersionInfo());
            if (stamp == null) {
                stamp = answered;
            } else if (stamp.version() != answered.version()) {
                throw Failures.notUnderstood(
                        name(),
                        "version " + answered.version() + " in the answer (expected: " + stamp.version() + ")",
                        null);
            }
            if (seen != null) {
                seen.saw(part.dataset(), answered.revision());
            }
            for (int i = 0; i < rows.getRowsCount(); i++) {
                lookups[slice.from() + i] = lookup(stamp, rows.getRows(i), slice.from() + i);
            }
            return false;
        }

        /** Whether the version we pinned, not the caller, was there and is not any more. */
        private boolean isGone(DatasetRows rows) {
            if (stamp == null || options.version() != 0) {
                return false;
            }
            return switch (rows.getReason()) {
                case REASON_UNKNOWN_VERSION, REASON_VERSION_RETIRED, REASON_VERSION_ROLLED_BACK -> true;
                default -> false;
            };
        }

        private Lookup<T> lookup(VersionStamp stamp, RowResult row, int index) {
            return switch (row.getOutcome()) {
                case OUTCOME_FOUND -> found(stamp, row, index);
                case OUTCOME_ABSENT -> new Lookup.Absent<>(stamp, row.getGeneration());
                case OUTCOME_EXPIRED -> new Lookup.Expired<>(stamp, row.getGeneration());
                case OUTCOME_FAILED ->
                    new Lookup.Failed<>(stamp, Failures.ofPart(name(index), row.getCode(), row.getReason()));
                case OUTCOME_UNSPECIFIED, OUTCOME_UNCHANGED, UNRECOGNIZED ->
                    throw Failures.notUnderstood(name(index), "the answer has no outcome this client knows", null);
            };
        }

        /** Where a key that was asked for stands among all that were given. */
        private int place(int index) {
            int place = -1;
            for (int asked = -1; asked < index; ) {
                place++;
                asked += part.refused().containsKey(place) ? 0 : 1;
            }
            return place;
        }

        private Lookup<T> found(VersionStamp stamp, RowResult row, int index) {
            try {
                return new Lookup.Found<>(
                        stamp, row.getGeneration(), part.decoder().decode(row.getValue()));
            } catch (InvalidProtocolBufferException e) {
                return new Lookup.Failed<>(
                        stamp,
                        Failures.notUnderstood(
                                name(index),
                                "the value is not a message of the type it is read as: is it the dataset's contract?",
                                e));
            }
        }

        BatchRows<T> rows() {
            VersionStamp known = stamp;
            if (failure != null) {
                return new BatchRows<>(failure);
            }
            if (known == null) {
                throw new IllegalStateException(name() + ": no request asked for it");
            }
            List<Lookup<T>> answered = new ArrayList<>(lookups.length);
            for (Lookup<T> lookup : Arrays.asList(lookups)) {
                addRefused(answered, known);
                if (lookup == null) {
                    throw new IllegalStateException(name() + ": a key without an answer");
                }
                answered.add(lookup);
            }
            addRefused(answered, known);
            return new BatchRows<>(answered, known);
        }

        /** Adds what stands in the next places and was never asked for. */
        private void addRefused(List<Lookup<T>> answered, VersionStamp known) {
            InvalidRequestException refusal;
            while ((refusal = part.refused().get(answered.size())) != null) {
                answered.add(new Lookup.Failed<>(known, refusal));
            }
        }

        private String name() {
            return what + " of " + part.dataset();
        }

        private String name(int index) {
            return "key " + place(index) + " of " + name();
        }
    }
}
