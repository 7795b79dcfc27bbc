package io.penstock.publisher.avro;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.SourceException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An object container file: a header with the schema, then blocks of rows. Avro's own reader takes the end of a file in the
 * middle of a block for the end of the rows, and room for whatever size a block claims; this one knows how long the file is,
 * so that a file that was cut is an error, and says where. Not thread-safe.
 */
final class AvroContainer implements AutoCloseable {
    private static final byte[] MAGIC = {'O', 'b', 'j', 1};
    private static final int SYNC_BYTES = 16;
    private static final int HEADER_BYTES_MAX = 16 << 20;
    private static final int BLOCK_BYTES_MAX = 128 << 20;

    private final Path file;
    private final InputStream in;
    private final long length;
    private final byte[] sync;
    private final Schema schema;
    private final AvroCodec codec;
    private long position;
    private long blockAt;
    private long blockRows;

    private AvroContainer(Path file, InputStream in, long length) throws IOException {
        this.file = file;
        this.in = in;
        this.length = length;
        if (!Arrays.equals(take(MAGIC.length), MAGIC)) {
            throw damaged("not an Avro object container file");
        }
        Map<String, byte[]> header = readHeader();
        this.sync = take(SYNC_BYTES);
        byte[] name = header.get("avro.codec");
        this.codec = AvroCodec.of(name == null ? "null" : new String(name, StandardCharsets.UTF_8), file);
        this.schema = parse(header.get("avro.schema"));
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws SourceException if it cannot be opened or is no such file
     */
    static AvroContainer open(Path file) {
        try {
            InputStream in = new BufferedInputStream(Files.newInputStream(file), 64 << 10);
            try {
                return new AvroContainer(file, in, Files.size(file));
            } catch (IOException | RuntimeException e) {
                in.close();
                throw e;
            }
        } catch (EOFException e) {
            throw damaged(file, 0, "its header is not complete");
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private Map<String, byte[]> readHeader() throws IOException {
        Map<String, byte[]> entries = new HashMap<>();
        for (long count = readLong(); count != 0; count = readLong()) {
            if (count < 0) {
                readLong(); // the size, for who wants to skip it
                count = -count;
            }
            for (long i = 0; i < count; i++) {
                String key = new String(take(size(HEADER_BYTES_MAX)), StandardCharsets.UTF_8);
                entries.put(key, take(size(HEADER_BYTES_MAX)));
            }
        }
        return entries;
    }

    private Schema parse(byte @Nullable [] json) {
        if (json == null) {
            throw damaged("its header has no schema");
        }
        try {
            return new Schema.Parser().parse(new String(json, StandardCharsets.UTF_8));
        } catch (RuntimeException e) { // whatever the parser makes of damaged text
            throw damaged("its schema cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    Schema schema() {
        return schema;
    }

    /** How many rows the block has that {@link #nextBlock} returned. */
    long blockRows() {
        return blockRows;
    }

    /**
     * The bytes of the next block's rows, or null after the last.
     *
     * @throws SourceException if the file ends before the block does, or is damaged
     */
    byte @Nullable [] nextBlock() {
        blockAt = position;
        if (position == length) {
            return null;
        }
        try {
            blockRows = readLong();
            byte[] content = take(size(BLOCK_BYTES_MAX));
            if (!Arrays.equals(take(SYNC_BYTES), sync)) {
                throw damaged("the block is not followed by the file's sync marker");
            }
            if (blockRows < 0) {
                throw damaged("the block claims to have " + blockRows + " rows");
            }
            return codec.decode(content, BLOCK_BYTES_MAX);
        } catch (EOFException e) {
            throw damaged("the file ends in the middle of a block; it is not complete");
        } catch (IOException e) {
            throw damaged("the block cannot be decoded: " + e.getMessage());
        }
    }

    /** Refuses the block that was read last. */
    SourceException damaged(String what) {
        return damaged(file, blockAt, what);
    }

    private static SourceException damaged(Path file, long at, String what) {
        return new SourceException(Category.REFUSED, "AVRO_FILE", file.getFileName() + ": byte " + at + ": " + what);
    }

    private static SourceException unreadable(Path file, IOException e) {
        return new SourceException(
                Category.UNAVAILABLE,
                "SOURCE_UNREACHABLE",
                file.getFileName() + ": cannot be read: " + e.getClass().getSimpleName());
    }

    /** A length that is neither more than allowed nor more than there is. */
    private int size(int max) throws IOException {
        long size = readLong();
        if (size < 0 || size > max) {
            throw damaged("something of " + size + " bytes (expected: 0 to " + max + ")");
        }
        if (size > length - position) {
            throw new EOFException();
        }
        return (int) size;
    }

    private byte[] take(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        position += bytes.length;
        if (bytes.length < count) {
            throw new EOFException();
        }
        return bytes;
    }

    /** Seven bits a byte, the least first; the sign is in the lowest bit. */
    private long readLong() throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            position++;
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value >>> 1 ^ -(value & 1);
            }
        }
        throw damaged("a number of more than ten bytes");
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            // It was only read.
        }
    }
}
