package io.penstock.store.redis.blob;

import io.netty.buffer.ByteBuf;
import io.penstock.store.StoreException;
import io.penstock.store.blob.Blob;
import io.penstock.store.redis.connection.RespCommand;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Part of what a publisher asked for in one call: what goes to one server in one command. */
abstract class WriterCommand extends RespCommand {
    private final WriterCall<?> call;

    WriterCommand(WriterCall<?> call) {
        this.call = call;
    }

    @Override
    protected void answered() {
        call.partDone();
    }

    @Override
    protected void failed(StoreException error) {
        call.partFailed(error);
    }

    @Override
    protected void restart() {}

    @Override
    protected void string(@Nullable ByteBuffer bytes) {} // OK

    @Override
    protected void number(long number) {}

    @Override
    protected void list(int elements) {}

    private static byte[] ascii(String word) {
        byte[] bytes = new byte[word.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) word.charAt(i);
        }
        return bytes;
    }

    /** {@code SET}, or {@code MSET} of several. */
    static final class Put extends WriterCommand {
        private static final byte[] SET = ascii("SET");
        private static final byte[] MSET = ascii("MSET");

        private final byte[][] keys;
        private final List<Blob> blobs;
        private final int bytes;

        Put(WriterCall<?> call, byte[][] keys, List<Blob> blobs, int bytes) {
            super(call);
            this.keys = keys;
            this.blobs = blobs;
            this.bytes = bytes;
        }

        @Override
        protected byte @Nullable [] key() {
            return keys.length == 1 ? keys[0] : null;
        }

        @Override
        protected boolean isLong() {
            return true;
        }

        @Override
        protected void encode(ByteBuf out) {
            out.ensureWritable(bytes + 32 * (keys.length + 1));
            writeArrayHeader(out, 1 + 2 * keys.length);
            writeBulk(out, keys.length == 1 ? SET : MSET);
            for (int i = 0; i < keys.length; i++) {
                writeBulk(out, keys[i]);
                writeBulk(out, blobs.get(i).sealed());
            }
        }
    }

    /** {@code UNLINK}: Redis frees the memory on another of its threads. */
    static final class Delete extends WriterCommand {
        private static final byte[] UNLINK = ascii("UNLINK");

        private final WriterCall<Long> call;
        private final byte[][] keys;

        Delete(WriterCall<Long> call, byte[][] keys) {
            super(call);
            this.call = call;
            this.keys = keys;
        }

        @Override
        protected byte @Nullable [] key() {
            return keys.length == 1 ? keys[0] : null;
        }

        @Override
        protected void encode(ByteBuf out) {
            writeArrayHeader(out, 1 + keys.length);
            writeBulk(out, UNLINK);
            for (byte[] key : keys) {
                writeBulk(out, key);
            }
        }

        @Override
        protected void number(long deleted) {
            call.count(deleted);
        }
    }

    /** {@code GET}, or {@code MGET} of several. */
    static final class Fetch extends WriterCommand {
        private static final byte[] GET = ascii("GET");
        private static final byte[] MGET = ascii("MGET");

        private final byte[][] keys;
        private final byte[] @Nullable [] values;
        private final int first;
        private int next;

        /** @param values where the answers go, from {@code first} on */
        Fetch(WriterCall<?> call, byte[][] keys, byte[] @Nullable [] values, int first) {
            super(call);
            this.keys = keys;
            this.values = values;
            this.first = first;
        }

        @Override
        protected byte @Nullable [] key() {
            return keys.length == 1 ? keys[0] : null;
        }

        @Override
        protected void encode(ByteBuf out) {
            writeArrayHeader(out, 1 + keys.length);
            writeBulk(out, keys.length == 1 ? GET : MGET);
            for (byte[] key : keys) {
                writeBulk(out, key);
            }
        }

        @Override
        protected void string(@Nullable ByteBuffer value) {
            if (hasEnded() || next == keys.length) {
                distrustConnection("more values than were asked for");
                return;
            }
            if (value != null) {
                byte[] copy = new byte[value.remaining()];
                value.get(copy);
                values[first + next] = copy;
            }
            next++;
        }

        @Override
        protected void answered() {
            if (next < keys.length) {
                distrustConnection("fewer values than were asked for");
                failed(new StoreException(
                        StoreException.Code.UNREACHABLE, "Redis answered with fewer values than were asked for"));
            } else {
                super.answered();
            }
        }

        @Override
        protected void restart() {
            next = 0;
        }
    }
}
