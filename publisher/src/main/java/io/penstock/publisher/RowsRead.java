package io.penstock.publisher;

import io.penstock.contract.Contract;
import io.penstock.publisher.erase.ErasedKeys;
import io.penstock.publisher.guardrail.CanaryRows;
import io.penstock.publisher.profile.RowProfiler;
import io.penstock.publisher.sort.RowSorter;
import io.penstock.publisher.stored.Stages;
import io.penstock.publisher.write.LayoutChoice;
import io.penstock.publisher.write.RowLimits;
import io.penstock.storage.v1.FieldProfile;
import io.penstock.store.layout.BucketLayout;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a publication, read once from their source into a sorter, and what was counted on the way. Closing it
 * removes what the sorter spilled.
 *
 * @param erased rows that were left out because their keys are erased
 * @param dataAsOfAssumed the source declared nothing, and the start of the read was taken
 */
record RowsRead(
        RowStatistics statistics,
        RowProfiler profiler,
        CanaryRows canaries,
        long erased,
        Instant dataAsOf,
        boolean dataAsOfAssumed,
        RowSorter sorter,
        BucketLayout layout)
        implements AutoCloseable {
    private static final long PROGRESS_ROWS = 100_000;

    /**
     * Reads everything.
     *
     * @param sorter empty; closed if reading fails
     * @param parent the layout of the version before, or null; its seed, or else {@code freshSeed}, is what rows are
     *     hashed with
     * @param progress told how many rows were read, now and then
     */
    static RowsRead read(
            Publication publication,
            RowSorter sorter,
            @Nullable BucketLayout parent,
            ErasedKeys erasedKeys,
            long freshSeed,
            RowLimits limits,
            InstantSource clock,
            LongConsumer progress) {
        Contract contract = publication.contract();
        RowStatistics statistics =
                new RowStatistics(contract.descriptor().getFields().size());
        RowProfiler profiler = new RowProfiler(contract.descriptor(), publication.guardrails()::countsDistinct);
        CanaryRows canaries = new CanaryRows(publication.guardrails().canaries().keySet());
        long erased = 0;
        try {
            Instant startedAt = clock.instant();
            Optional<Instant> declared = publication.source().readDataAsOf();
            BucketLayout hashing = parent == null ? new BucketLayout(BucketLayout.BITS_MIN, freshSeed) : parent;
            try (RowCursor rows = publication.source().open(contract)) {
                while (rows.next()) {
                    Stages.checkInterrupted();
                    byte[] key = rows.key();
                    byte[] value = rows.value();
                    limits.check(key, value, rows.rowNumber());
                    if (erasedKeys.contains(key)) {
                        erased++;
                        continue;
                    }
                    statistics.count(rows);
                    profiler.count(value);
                    canaries.pass(key, value);
                    sorter.add(hashing.hash(key), key, value, rows.rowNumber());
                    if (statistics.rows() % PROGRESS_ROWS == 1) {
                        progress.accept(statistics.rows());
                    }
                }
            }
            BucketLayout layout = LayoutChoice.choose(statistics.rows(), statistics.bytes(), parent, freshSeed);
            return new RowsRead(
                    statistics,
                    profiler,
                    canaries,
                    erased,
                    declared.orElse(startedAt),
                    declared.isEmpty() || publication.source().isDataAsOfAssumed(),
                    sorter,
                    layout);
        } catch (RuntimeException | Error e) {
            sorter.close();
            throw e;
        }
    }

    List<FieldProfile> fieldProfiles(Contract contract) {
        List<FieldProfile> profiles = new ArrayList<>();
        var fields = contract.descriptor().getFields();
        for (int i = 0; i < fields.size(); i++) {
            profiles.add(profiler.profile(fields.get(i), statistics.nulls(i)));
        }
        return profiles;
    }

    @Override
    public void close() {
        sorter.close();
    }
}
