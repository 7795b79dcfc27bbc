package io.penstock.store.redis.connection;

import io.netty.buffer.ByteBuf;
import io.penstock.store.StoreException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Any command, given word by word, whose answer becomes a {@link Reply}. */
final class CallCommand extends RespCommand {
    private final byte @Nullable [] key;
    private final byte[][] words;
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private final Deque<Nested> open = new ArrayDeque<>();
    private @Nullable Object value;

    CallCommand(byte @Nullable [] key, byte[]... words) {
        this.key = key;
        this.words = words;
    }

    static CallCommand of(String... words) {
        byte[][] encoded = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            encoded[i] = words[i].getBytes(StandardCharsets.UTF_8);
        }
        return new CallCommand(null, encoded);
    }

    CompletableFuture<Reply> reply() {
        return reply;
    }

    @Override
    protected byte @Nullable [] key() {
        return key;
    }

    @Override
    protected void encode(ByteBuf out) {
        writeArrayHeader(out, words.length);
        for (byte[] word : words) {
            writeBulk(out, word);
        }
    }

    @Override
    protected void string(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            add(null);
            return;
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        add(copy);
    }

    @Override
    protected void number(long number) {
        add(number);
    }

    @Override
    protected void error(String message) {
        super.error(message);
        add(null);
    }

    @Override
    protected void list(int elements) {
        if (elements == 0) {
            add(List.of());
        } else {
            open.push(new Nested(new ArrayList<>(), elements));
        }
    }

    private void add(@Nullable Object element) {
        Object complete = element;
        while (!open.isEmpty()) {
            Nested innermost = open.peek();
            innermost.elements.add(complete);
            if (innermost.elements.size() < innermost.count) {
                return;
            }
            complete = open.pop().elements;
        }
        value = complete;
    }

    @Override
    protected void answered() {
        reply.complete(new Reply(value));
    }

    @Override
    protected void failed(StoreException error) {
        reply.completeExceptionally(error);
    }

    @Override
    protected void restart() {
        open.clear();
        value = null;
    }

    private record Nested(List<@Nullable Object> elements, int count) {}
}
