package io.penstock.publisher.sort;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * Rows in order in a file: what did not fit in memory. They lie in frames, each with its length and a checksum, and the
 * number of rows is known, so that a file that was cut or damaged meanwhile is noticed.
 *
 * <pre>
 *   0        4        8
 *   +--------+--------+---------------------+
 *   | length | crc32c | records (length)    |  once more for each frame
 *   +--------+--------+---------------------+
 * </pre>
 */
final class Run implements AutoCloseable {
    private static final int LENGTH = 0;
    private static final int CHECKSUM = 4;
    private static final int RECORDS = 8;

    private final FileChannel channel;
    private final long rows;
    private final long bytes;
    private final int frameBytesMax;

    private Run(FileChannel channel, long rows, long bytes, int frameBytesMax) {
        this.channel = channel;
        this.rows = rows;
        this.bytes = bytes;
        this.frameBytesMax = frameBytesMax;
    }

    /** Told how many bytes are about to be written; throws when these are too many. */
    interface Allowance {
        void take(int bytes) throws IOException;
    }

    /**
     * Writes what a cursor gives into an empty file.
     *
     * @param frameBytes about how large a frame is; a larger row has one of its own
     */
    static Run write(FileChannel channel, SortedRecords rows, int frameBytes, Allowance allowance) throws IOException {
        ByteBuffer frame = newFrame(frameBytes);
        long count = 0;
        int frameBytesMax = frameBytes;
        while (rows.next()) {
            RecordCursor row = rows.current();
            int bytes = row.recordBytes();
            if (bytes > frame.remaining()) {
                writeFrame(channel, frame, allowance);
                if (bytes > frame.remaining()) {
                    frame = newFrame(RECORDS + bytes);
                    frameBytesMax = Math.max(frameBytesMax, frame.capacity());
                }
            }
            row.copyRecord(frame);
            count++;
        }
        writeFrame(channel, frame, allowance);
        return new Run(channel, count, channel.size(), frameBytesMax);
    }

    private static ByteBuffer newFrame(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder()).position(RECORDS);
    }

    private static void writeFrame(FileChannel channel, ByteBuffer frame, Allowance allowance) throws IOException {
        int end = frame.position();
        if (end == RECORDS) {
            return;
        }
        allowance.take(end);
        frame.limit(end).position(RECORDS);
        CRC32C checksum = new CRC32C();
        checksum.update(frame);
        frame.putInt(LENGTH, end - RECORDS).putInt(CHECKSUM, (int) checksum.getValue());
        frame.position(0);
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
        frame.clear().position(RECORDS);
    }

    /** What reading it holds in memory. */
    int frameBytesMax() {
        return frameBytesMax;
    }

    /** Bytes in the file. */
    long bytes() {
        return bytes;
    }

    /** The rows in order; one at a time. */
    RecordCursor cursor(SortFailures failures) {
        return new Cursor(failures);
    }

    /** Closes the file, which is gone then. */
    @Override
    public void close() throws IOException {
        channel.close();
    }

    private final class Cursor extends RecordCursor {
        private final SortFailures failures;
        private final ByteBuffer frame;
        private long position;
        private long rowsLeft = rows;
        private int next;

        Cursor(SortFailures failures) {
            this.failures = failures;
            this.frame = newFrame(frameBytesMax).limit(RECORDS);
            this.next = RECORDS;
        }

        @Override
        public boolean next() {
            if (rowsLeft == 0) {
                return false;
            }
            if (next == frame.limit()) {
                readFrame();
            }
            moveTo(frame, next);
            next += recordBytes();
            rowsLeft--;
            return true;
        }

        private void readFrame() {
            try {
                read(0, RECORDS);
                int length = frame.getInt(LENGTH);
                if (length <= 0 || length > frame.capacity() - RECORDS) {
                    throw failures.damaged();
                }
                read(RECORDS, length);
            } catch (IOException e) {
                throw failures.of(e);
            }
            CRC32C checksum = new CRC32C();
            checksum.update(frame.position(RECORDS));
            if ((int) checksum.getValue() != frame.getInt(CHECKSUM)) {
                throw failures.damaged();
            }
            next = RECORDS;
        }

        /** Reads into the frame, which ends there. */
        private void read(int at, int bytes) throws IOException {
            frame.limit(at + bytes).position(at);
            while (frame.hasRemaining()) {
                int read = channel.read(frame, position);
                if (read < 0) {
                    throw failures.damaged();
                }
                position += read;
            }
        }

        @Override
        public void close() {}
    }
}
