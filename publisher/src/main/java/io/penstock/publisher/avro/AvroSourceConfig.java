package io.penstock.publisher.avro;

import io.penstock.publisher.DeltaBase;
import io.penstock.publisher.RowSource;
import io.penstock.publisher.convert.RowColumns;
import io.penstock.publisher.source.SourceConfig;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where an {@link AvroRowSource} reads.
 *
 * @param files a path, a pattern of paths, or a {@code file:} URL of either
 * @param dataAsOf up to when the data is complete, if that is said
 * @param base what a delta begins from, if that is said
 * @param columns which columns are more than fields
 * @param directory what a relative path is relative to
 * @param showKeys whether an error about a row may name its key
 */
public record AvroSourceConfig(
        String files,
        Optional<Instant> dataAsOf,
        Optional<DeltaBase> base,
        RowColumns columns,
        Path directory,
        boolean showKeys)
        implements SourceConfig {
    public AvroSourceConfig {
        directory = directory.toAbsolutePath().normalize();
    }

    /** Files that say nothing about themselves. */
    public static AvroSourceConfig of(String files, Path directory) {
        return new AvroSourceConfig(files, Optional.empty(), Optional.empty(), RowColumns.NONE, directory, false);
    }

    @Override
    public RowSource open() {
        return new AvroRowSource(this);
    }

    @Override
    public AvroSourceConfig withShowKeys(boolean show) {
        return new AvroSourceConfig(files, dataAsOf, base, columns, directory, show);
    }

    @Override
    public AvroSourceConfig withDriverPath(List<Path> jars) {
        return this;
    }

    @Override
    public String toString() {
        return "avro " + files;
    }
}
