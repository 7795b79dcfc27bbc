package io.penstock.store.cassandra;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.penstock.store.EventLoopHandle;
import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobCallback;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.blob.BlobReader.Consistency;
import io.penstock.store.testkit.Await;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A reader on a real Netty loop, as a server has it. */
final class NettyReading implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final BlobReader reader;

    NettyReading(Store store) {
        group = new MultiThreadIoEventLoopGroup(
                1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        loop = group.next();
        reader = store.openReader(new Handle(loop));
    }

    /** How a read ended. */
    static final class Answer {
        private final byte @Nullable [] value;
        private final StoreException.@Nullable Code failure;
        private final long nanos;

        Answer(byte @Nullable [] value, StoreException.@Nullable Code failure, long nanos) {
            this.value = value;
            this.failure = failure;
            this.nanos = nanos;
        }

        byte @Nullable [] value() {
            return value;
        }

        StoreException.@Nullable Code failure() {
            return failure;
        }

        /** From the question to the answer. */
        long nanos() {
            return nanos;
        }

        boolean isFound() {
            return value != null;
        }

        boolean isMissing() {
            return value == null && failure == null;
        }
    }

    <T> T onLoop(Supplier<T> action) {
        return Await.stage(CompletableFuture.supplyAsync(action, loop));
    }

    /** Asks in one turn and waits for all answers. */
    List<Answer> read(List<BlobAddress> addresses, Consistency consistency) {
        List<CompletableFuture<Answer>> answers = ask(addresses, consistency);
        return answers.stream().map(Await::stage).toList();
    }

    Answer read(BlobAddress address) {
        return read(List.of(address), Consistency.STRONG).get(0);
    }

    /** Asks in one turn. */
    List<CompletableFuture<Answer>> ask(List<BlobAddress> addresses, Consistency consistency) {
        return onLoop(() -> {
            List<CompletableFuture<Answer>> answers = new ArrayList<>();
            for (BlobAddress address : addresses) {
                Recording recording = new Recording();
                answers.add(recording.answer);
                reader.get(address, consistency, recording);
            }
            reader.flush();
            return answers;
        });
    }

    void closeReader() {
        onLoop(() -> {
            reader.close();
            return true;
        });
    }

    @Override
    public void close() {
        closeReader();
        var unused = group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        group.terminationFuture().awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private final class Recording implements BlobCallback {
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private final long askedNanos = System.nanoTime();

        @Override
        public void found(ByteBuffer sealed) {
            byte[] copy = new byte[sealed.remaining()];
            sealed.get(copy);
            end(copy, null);
        }

        @Override
        public void missing() {
            end(null, null);
        }

        @Override
        public void failed(StoreException error) {
            end(null, error.code());
        }

        private void end(byte @Nullable [] value, StoreException.@Nullable Code failure) {
            if (!loop.inEventLoop()) {
                answer.completeExceptionally(new AssertionError("answered off the event loop"));
            } else if (!answer.complete(new Answer(value, failure, System.nanoTime() - askedNanos))) {
                throw new AssertionError("answered twice");
            }
        }
    }

    private record Handle(EventLoop loop) implements EventLoopHandle {
        @Override
        public Executor executor() {
            return loop;
        }

        @Override
        public boolean inEventLoop() {
            return loop.inEventLoop();
        }

        @Override
        public <T> @Nullable T unwrap(Class<T> type) {
            return type.isInstance(loop) ? type.cast(loop) : null;
        }
    }
}
