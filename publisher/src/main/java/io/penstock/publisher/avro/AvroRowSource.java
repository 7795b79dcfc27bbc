package io.penstock.publisher.avro;

import io.penstock.contract.Contract;
import io.penstock.publisher.DeltaBase;
import io.penstock.publisher.RowCursor;
import io.penstock.publisher.RowSource;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The rows of Avro object container files, in the order of their paths. A file's fields are the columns; each file has the
 * schema it has, and all must have the contract's fields.
 */
public final class AvroRowSource implements RowSource {
    private final AvroSourceConfig config;
    /** The files read so far by the number of their first row. */
    private final TreeMap<Long, String> filesByFirstRow = new TreeMap<>();

    public AvroRowSource(AvroSourceConfig config) {
        this.config = config;
    }

    @Override
    public String describe() {
        return config.toString();
    }

    @Override
    public Optional<Instant> readDataAsOf() {
        return config.dataAsOf();
    }

    @Override
    public Optional<DeltaBase> readBase() {
        return config.base();
    }

    @Override
    public RowCursor open(Contract contract) {
        filesByFirstRow.clear();
        return new AvroRowCursor(new AvroFiles(config).list(), contract, config, filesByFirstRow::put);
    }

    @Override
    public String nameOf(long rowNumber) {
        Map.Entry<Long, String> file = filesByFirstRow.floorEntry(rowNumber);
        return file == null
                ? RowSource.super.nameOf(rowNumber)
                : rowNumber - file.getKey() + 1 + " of " + file.getValue();
    }
}
