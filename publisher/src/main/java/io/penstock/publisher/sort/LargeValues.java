package io.penstock.publisher.sort;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file for values that are too large to be sorted along: DuckDB pins the blocks of 2,048 rows at a time,
 * which for large rows is more than all the memory it may use. They are written once, in the order they come, and read once by place.
 */
final class LargeValues implements AutoCloseable {
    /** From here on a value stands aside. Measured: in 384 MiB, 800 MB of 1,000-byte values sort and of 2,000-byte ones do not. */
    static final int VALUE_BYTES_MIN = 512;

    private final FileChannel channel;
    private long size;

    private LargeValues(FileChannel channel) {
        this.channel = channel;
    }

    static LargeValues create(Path file) throws IOException {
        return new LargeValues(FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** Keeps a value and returns its place. */
    long append(byte[] value) throws IOException {
        long place = size;
        ByteBuffer bytes = ByteBuffer.wrap(value);
        while (bytes.hasRemaining()) {
            size += channel.write(bytes, size);
        }
        return place;
    }

    byte[] read(long place, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, place + bytes.position()) < 0) {
                throw new EOFException("the file of large values was cut");
            }
        }
        return bytes.array();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
