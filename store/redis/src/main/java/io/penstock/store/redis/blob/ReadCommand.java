package io.penstock.store.redis.blob;

import io.netty.buffer.ByteBuf;
import io.penstock.store.StoreException;
import io.penstock.store.blob.BlobCallback;
import io.penstock.store.redis.connection.RespCommand;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The reads of a turn that go to one server: {@code GET}, or {@code MGET} of several. Hot: a value is handed to its
 * callback as a view of the connection's buffer, and the object is used again.
 */
final class ReadCommand extends RespCommand {
    private static final byte[] GET = {'G', 'E', 'T'};
    private static final byte[] MGET = {'M', 'G', 'E', 'T'};

    /** Of each key: its length in digits, a dollar sign and two line ends. */
    private static final int KEY_OVERHEAD_BYTES = 8;

    private final RedisBlobReader reader;
    private byte[][] keys = new byte[4][];
    private @Nullable BlobCallback[] callbacks = new BlobCallback[4];
    private int size;
    private int keyBytes;

    /** The callback the next value is for. */
    private int next;

    ReadCommand(RedisBlobReader reader) {
        this.reader = reader;
    }

    void add(byte[] key, BlobCallback callback) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, 2 * size);
            callbacks = Arrays.copyOf(callbacks, 2 * size);
        }
        keys[size] = key;
        callbacks[size++] = callback;
        keyBytes += key.length + KEY_OVERHEAD_BYTES;
    }

    int size() {
        return size;
    }

    /** Empties it for the next turn. */
    void recycle() {
        Arrays.fill(callbacks, 0, size, null);
        Arrays.fill(keys, 0, size, EMPTY);
        size = 0;
        keyBytes = 0;
        reuse();
    }

    private static final byte[] EMPTY = {};

    /** Only single reads move between servers: where slots are, there is no {@code MGET}. */
    @Override
    protected byte @Nullable [] key() {
        return size == 1 ? keys[0] : null;
    }

    @Override
    protected void encode(ByteBuf out) {
        out.ensureWritable(keyBytes + 32);
        writeArrayHeader(out, size + 1);
        writeBulk(out, size == 1 ? GET : MGET);
        for (int i = 0; i < size; i++) {
            writeBulk(out, keys[i]);
        }
    }

    @Override
    protected void list(int elements) {
        if (!hasEnded() && (size == 1 || elements != size || next != 0)) {
            distrustConnection("a list of " + elements + " answered " + size + " reads");
        }
    }

    @Override
    protected void string(@Nullable ByteBuffer value) {
        if (hasEnded()) {
            return;
        }
        BlobCallback callback = next < size ? callbacks[next] : null;
        if (callback == null) {
            distrustConnection("more values than were asked for");
            return;
        }
        next++;
        reader.deliver(callback, value);
    }

    @Override
    protected void number(long number) {
        distrustConnection("a number answered a read");
    }

    @Override
    protected void answered() {
        if (next < size) {
            distrustConnection("fewer values than were asked for");
            failed(new StoreException(
                    StoreException.Code.UNREACHABLE, "Redis answered with fewer values than were asked for"));
        } else {
            reader.recycle(this);
        }
    }

    @Override
    protected void failed(StoreException error) {
        while (next < size) {
            BlobCallback callback = callbacks[next++];
            if (callback != null) {
                reader.fail(callback, error);
            }
        }
    }

    @Override
    protected void restart() {
        next = 0;
    }
}
