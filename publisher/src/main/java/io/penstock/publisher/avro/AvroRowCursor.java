package io.penstock.publisher.avro;

import io.penstock.contract.Contract;
import io.penstock.publisher.RowCursor;
import io.penstock.publisher.RowMark;
import io.penstock.publisher.SourceException;
import io.penstock.publisher.convert.RowConverter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/** The rows of several files, one after the other, converted as they come; holds one block. */
final class AvroRowCursor implements RowCursor {
    private final Deque<Path> files;
    private final Contract contract;
    private final AvroSourceConfig config;
    private final BiConsumer<Long, String> started;

    private @Nullable OpenFile open;
    private long rowNumber;

    /** @param started told of each file, and of the number of its first row */
    AvroRowCursor(List<Path> files, Contract contract, AvroSourceConfig config, BiConsumer<Long, String> started) {
        this.files = new ArrayDeque<>(files);
        this.contract = contract;
        this.config = config;
        this.started = started;
        this.open = openNext(); // so that columns that do not match are found before the first row
    }

    private @Nullable OpenFile openNext() {
        Path next = files.poll();
        if (next == null) {
            return null;
        }
        started.accept(rowNumber + 1, String.valueOf(next.getFileName()));
        return new OpenFile(next);
    }

    @Override
    public boolean next() {
        for (OpenFile present = open; present != null; present = open) {
            if (present.next()) {
                rowNumber++;
                return true;
            }
            present.container.close();
            open = openNext();
        }
        return false;
    }

    /** One file while it is read. */
    private final class OpenFile {
        private final Path file;
        private final AvroContainer container;
        private final Schema schema;
        private final GenericDatumReader<IndexedRecord> reader;
        private final RowConverter converter;
        private final @Nullable Object[] values;
        private @Nullable BinaryDecoder decoder;
        private @Nullable IndexedRecord reused;
        private long rowsLeft;
        private long row;

        OpenFile(Path file) {
            this.file = file;
            this.container = AvroContainer.open(file);
            try {
                this.schema = container.schema();
                if (schema.getType() != Schema.Type.RECORD) {
                    throw container.damaged("its schema is a " + schema.getType() + " (expected: a record)");
                }
                List<String> columns =
                        schema.getFields().stream().map(Schema.Field::name).toList();
                this.reader = new GenericDatumReader<>(schema);
                this.values = new Object[columns.size()];
                this.converter = named(() -> new RowConverter(contract, columns, config.columns(), config.showKeys()));
            } catch (RuntimeException e) {
                container.close();
                throw e;
            }
        }

        /** Says in which file it happened. */
        private <T> T named(Supplier<T> body) {
            try {
                return body.get();
            } catch (SourceException e) {
                throw new SourceException(e.category(), e.code(), file.getFileName() + ": " + e.getMessage());
            }
        }

        boolean next() {
            while (rowsLeft == 0) {
                requireBlockRead();
                byte[] block = container.nextBlock();
                if (block == null) {
                    return false;
                }
                decoder = DecoderFactory.get().binaryDecoder(block, decoder);
                rowsLeft = container.blockRows();
            }
            rowsLeft--;
            row++;
            IndexedRecord read = read();
            for (int i = 0; i < values.length; i++) {
                values[i] = AvroValues.canonical(schema.getFields().get(i).schema(), read.get(i));
            }
            named(() -> {
                converter.convert(values, row);
                return true;
            });
            return true;
        }

        private IndexedRecord read() {
            try {
                reused = reader.read(reused, decoder);
                return reused;
            } catch (IOException | RuntimeException e) { // whatever the decoder makes of damaged bytes
                throw container.damaged("row " + row + " of the file cannot be decoded ("
                        + e.getClass().getSimpleName() + ")");
            }
        }

        /** A block that has more than its rows was not written as it says. */
        private void requireBlockRead() {
            try {
                if (decoder != null && !decoder.isEnd()) {
                    throw container.damaged("the block has more bytes than its rows");
                }
            } catch (IOException e) {
                throw container.damaged(
                        "the block cannot be decoded (" + e.getClass().getSimpleName() + ")");
            }
        }
    }

    private RowConverter converter() {
        OpenFile present = open;
        if (present == null) {
            throw new IllegalStateException("no row");
        }
        return present.converter;
    }

    @Override
    public byte[] key() {
        return converter().key();
    }

    @Override
    public byte[] value() {
        return converter().value();
    }

    @Override
    public RowMark mark() {
        return converter().mark();
    }

    @Override
    public long rowNumber() {
        return rowNumber;
    }

    @Override
    public boolean isNull(int fieldIndex) {
        return converter().isNull(fieldIndex);
    }

    @Override
    public void close() {
        if (open != null) {
            open.container.close();
            open = null;
        }
        files.clear();
    }
}
