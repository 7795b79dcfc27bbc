package io.penstock.cli.command;

import io.penstock.benchmarks.data.Published;
import io.penstock.benchmarks.data.SyntheticData;
import io.penstock.benchmarks.data.SyntheticPublisher;
import io.penstock.cli.ByteRates;
import io.penstock.cli.ExitCode;
import io.penstock.cli.UsageException;
import io.penstock.cli.access.StoreUrlOptions;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import io.penstock.publisher.PublisherOptions;
import io.penstock.store.Store;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Publishes rows to measure with. */
@CommandLine.Command(
        name = "data",
        description =
                "Publishes a synthetic dataset: int64 keys from 0, values of random bytes made up while they are read.")
public final class BenchDataCommand extends Command {
    @Mixin
    private final StoreUrlOptions store = new StoreUrlOptions();

    @Option(
            names = "--product",
            paramLabel = "NAME",
            description = "The dataset is NAME.v1. Default: ${DEFAULT-VALUE}.")
    private String product = SyntheticData.DEFAULT_PRODUCT;

    @Option(names = "--rows", paramLabel = "N", required = true, description = "How many.")
    private long rows;

    @Option(names = "--value-bytes", paramLabel = "N", description = "Bytes a row. Default: ${DEFAULT-VALUE}.")
    private int valueBytes = 200;

    @Option(
            names = "--version",
            paramLabel = "N",
            description = "Rows as they are in this version of the data. Default: ${DEFAULT-VALUE}.")
    private long version = 1;

    @Option(
            names = "--upsert",
            description = "Publish only the rows that changed in this version of the data, as an upsert.")
    private boolean upsert;

    @Option(
            names = "--changed",
            paramLabel = "SHARE",
            description = "Of the rows, from one version of the data to the next. Default: ${DEFAULT-VALUE}.")
    private double changed = SyntheticData.DEFAULT_CHANGED_SHARE;

    @Option(
            names = "--max-bytes-per-second",
            paramLabel = "SIZE",
            description = "As of 'penstock publish'. Default: no limit.")
    private @Nullable String maxBytesPerSecond;

    public BenchDataCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() {
        SyntheticData data = UsageException.checked(
                () -> new SyntheticData(product, rows, valueBytes, changed, SyntheticData.DEFAULT_SEED));
        PublisherOptions options = maxBytesPerSecond == null
                ? PublisherOptions.DEFAULTS
                : PublisherOptions.DEFAULTS.withMaxBytesPerSecond(ByteRates.parse(maxBytesPerSecond));
        try (Store opened = store.openOrCreate(console)) {
            Published published = upsert
                    ? SyntheticPublisher.upsert(opened, data, version, options)
                    : SyntheticPublisher.publish(opened, data, version, options);
            if (json) {
                printJson(Json.of(published));
            } else {
                printLine(String.format(
                        Locale.ROOT,
                        "%s version %d: %,d rows, %,d of %,d buckets written, %,d bytes, %.1f s",
                        data.dataset(),
                        published.version(),
                        published.rows(),
                        published.bucketsWritten(),
                        published.buckets(),
                        published.blobBytesWritten(),
                        published.seconds()));
            }
        }
        return ExitCode.DONE;
    }
}
