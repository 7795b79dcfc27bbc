package io.penstock.publisher;

import io.penstock.contract.Contract;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.diff.Parent;
import io.penstock.publisher.diff.RowRules;
import io.penstock.publisher.erase.ErasedKeys;
import io.penstock.publisher.guardrail.CanaryRows;
import io.penstock.publisher.profile.RowProfiler;
import io.penstock.publisher.sort.RowSorter;
import io.penstock.publisher.stored.Stages;
import io.penstock.publisher.unique.UniqueFields;
import io.penstock.publisher.unique.UniqueValues;
import io.penstock.publisher.write.LayoutChoice;
import io.penstock.publisher.write.RowLimits;
import io.penstock.storage.v1.FieldProfile;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Mode;
import io.penstock.store.layout.BucketLayout;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a publication, read once from their source into a sorter, and what was counted on the way. Closing it
 * removes what the sorter spilled.
 *
 * @param erased rows that were left out because their keys are erased
 * @param dataAsOfAssumed the source declared nothing, and the start of the read was taken
 * @param base what a delta begins from; null in other modes
 * @param rules what becomes of the rows
 */
record RowsRead(
        RowStatistics statistics,
        RowProfiler profiler,
        CanaryRows canaries,
        long erased,
        Instant dataAsOf,
        boolean dataAsOfAssumed,
        @Nullable BaseCheck base,
        RowRules rules,
        RowSorter sorter,
        BucketLayout layout)
        implements AutoCloseable {
    private static final long PROGRESS_ROWS = 100_000;
    private static final RowMark REMOVED = new RowMark(RowOperation.DELETE, RowMark.NEVER);
    private static final byte[] NO_VALUE = {};

    /**
     * Reads everything.
     *
     * @param sorter empty; closed if reading fails
     * @param sorters asked for one more if the contract has unique fields
     * @param parent the version before; its layout's seed, or else {@code freshSeed}, is what rows are hashed with
     * @param progress told how many rows were read, now and then
     */
    static RowsRead read(
            Publication publication,
            RowSorter sorter,
            Supplier<RowSorter> sorters,
            Parent parent,
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
            BaseCheck base = publication.mode() == Mode.MODE_DELTA ? checkBase(publication, parent, declared) : null;
            RowRules rules = new RowRules(
                    publication.mode(),
                    startedAt,
                    erasedKeys,
                    contract.expiresAfter(),
                    ManifestMaker.othersExpireAt(publication.mode(), parent.manifest()),
                    limits);
            BucketLayout before = parent.layout();
            BucketLayout hashing = before == null ? new BucketLayout(BucketLayout.BITS_MIN, freshSeed) : before;
            try (UniqueValues unique = UniqueValues.of(UniqueFields.of(contract), sorters);
                    RowCursor rows = publication.source().open(contract)) {
                while (rows.next()) {
                    Stages.checkInterrupted();
                    byte[] key = rows.key();
                    byte[] value = rows.value();
                    limits.check(key, value, rows.rowNumber());
                    RowMark mark = rules.written(rows.mark());
                    if (mark.operation() != RowOperation.DELETE && erasedKeys.contains(key)) {
                        erased++;
                        if (!rules.keepsOthers()) {
                            continue;
                        }
                        mark = REMOVED; // else the row of the version before would stay
                        value = NO_VALUE;
                    }
                    boolean removes = mark.operation() == RowOperation.DELETE;
                    statistics.count(rows);
                    if (removes) {
                        canaries.removed(key);
                    } else {
                        profiler.count(value);
                        unique.add(value, rows.rowNumber());
                        canaries.pass(key, value);
                    }
                    sorter.add(hashing.hash(key), key, value, mark, rows.rowNumber());
                    if (statistics.rows() % PROGRESS_ROWS == 1) {
                        progress.accept(statistics.rows());
                    }
                }
                unique.require(limits);
            }
            return new RowsRead(
                    statistics,
                    profiler,
                    canaries,
                    erased,
                    declared.orElse(startedAt),
                    declared.isEmpty() || publication.source().isDataAsOfAssumed(),
                    base,
                    rules,
                    sorter,
                    chooseLayout(publication.mode(), statistics, parent, freshSeed));
        } catch (RuntimeException | Error e) {
            sorter.close();
            throw e;
        }
    }

    private static BaseCheck checkBase(Publication publication, Parent parent, Optional<Instant> declared) {
        DeltaBase base = publication
                .source()
                .readBase()
                .orElseThrow(
                        () -> new SourceException(
                                Category.USAGE,
                                "BASE_MISSING",
                                "the source says no base (expected: the data_as_of of the version that the delta follows, or none)"));
        return BaseCheck.require(publication.dataset(), parent, base, declared);
    }

    private static BucketLayout chooseLayout(Mode mode, RowStatistics read, Parent parent, long freshSeed) {
        BucketLayout before = parent.layout();
        Manifest manifest = parent.manifest();
        if (mode == Mode.MODE_SNAPSHOT || before == null || manifest == null) {
            return LayoutChoice.choose(read.rows(), read.bytes(), before, freshSeed);
        }
        return LayoutChoice.chooseForUpdate(read.rows(), read.bytes(), manifest.getRows(), manifest.getBytes(), before);
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
