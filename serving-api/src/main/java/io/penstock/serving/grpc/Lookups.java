package io.penstock.serving.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import io.penstock.serving.read.EncodedResponse;
import io.penstock.serving.read.Failure;
import io.penstock.serving.read.LoopTimer;
import io.penstock.serving.read.ReadCall;
import io.penstock.serving.read.ReadPath;
import io.penstock.serving.read.ResponseSink;
import io.penstock.store.EventLoopHandle;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries {@code Get} and {@code BatchGet} between gRPC and the read path of the loop their connection lives on. Under
 * the direct executor every event of a call happens on that loop, so a look-up never changes threads and nothing here
 * is shared. Hot: step 1 and the last step of {@code docs/read-path.md}.
 */
public final class Lookups implements AutoCloseable {
    /**
     * A batch says what it has so long before its caller's deadline, or a tenth of the time it was given if that is less:
     * at the deadline itself, which client and server both watch, nobody would be left to read it.
     */
    static final long BATCH_MARGIN_NANOS_MAX = 20_000_000;

    private static final int REQUEST_MESSAGES_ASKED = 2; // one more than there may be, so that a second one is noticed

    /** Set once on each loop, before the server listens. */
    private final FastThreadLocal<ReadPath> ofThisLoop = new FastThreadLocal<>();

    private final FastThreadLocal<Unwritten> unwrittenOfThisLoop;

    private final List<EventLoop> loops;

    /** Lookups that were not answered at once. */
    private final LongAdder inFlight = new LongAdder();

    private Lookups(List<EventLoop> loops, long unwrittenBytesMax) {
        this.loops = loops;
        this.unwrittenOfThisLoop = new FastThreadLocal<>() {
            @Override
            protected Unwritten initialValue() {
                return Unwritten.ofLoop(unwrittenBytesMax);
            }
        };
    }

    /** Opens read paths. Called on the loop. */
    @FunctionalInterface
    public interface Opener {
        ReadPath open(EventLoopHandle loop, LoopTimer timer);
    }

    /**
     * Opens a read path on each loop and waits for all of them.
     *
     * @param unwrittenBytesMax answers a loop keeps for callers who do not read them
     */
    public static Lookups open(EventLoops eventLoops, long unwrittenBytesMax, Opener opener) {
        Lookups lookups = new Lookups(eventLoops.loops(), unwrittenBytesMax);
        lookups.onEachLoop(loop -> lookups.ofThisLoop.set(opener.open(new NettyLoop(loop), timer(loop))));
        return lookups;
    }

    private static LoopTimer timer(EventLoop loop) {
        return (task, delayNanos) -> {
            Future<?> scheduled = loop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        };
    }

    private void onEachLoop(Consumer<EventLoop> task) {
        for (EventLoop loop : loops) {
            loop.submit(() -> task.accept(loop)).syncUninterruptibly();
        }
    }

    ServerCallHandler<byte[], EncodedResponse> get() {
        return new Handler(ReadPath::get, 0);
    }

    ServerCallHandler<byte[], EncodedResponse> batchGet() {
        return new Handler(ReadPath::batchGet, BATCH_MARGIN_NANOS_MAX);
    }

    long inFlight() {
        return inFlight.sum();
    }

    /** Fails what is unanswered. The server has ended before. */
    @Override
    public void close() {
        onEachLoop(loop -> {
            ReadPath path = ofThisLoop.get();
            if (path != null) {
                ofThisLoop.remove();
                path.close();
            }
        });
    }

    @FunctionalInterface
    private interface Method {
        ReadCall start(ReadPath path, ByteBuffer request, long deadlineNanos, ResponseSink sink);
    }

    private final class Handler implements ServerCallHandler<byte[], EncodedResponse> {
        private final Method method;
        private final long marginNanosMax;

        Handler(Method method, long marginNanosMax) {
            this.method = method;
            this.marginNanosMax = marginNanosMax;
        }

        @Override
        public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], EncodedResponse> call, Metadata headers) {
            Lookup lookup = new Lookup(call, method, CallTimeouts.deadlineNanos(headers), marginNanosMax);
            call.request(REQUEST_MESSAGES_ASKED);
            return lookup;
        }
    }

    /** One call; its listener and its sink. Confined to the loop. */
    private final class Lookup extends ServerCall.Listener<byte[]> implements ResponseSink {
        private final ServerCall<byte[], EncodedResponse> call;
        private final Method method;
        private final long deadlineNanos;
        private final long marginNanosMax;
        private final Unwritten unwritten;
        private final Unwritten unwrittenOfLoop;
        private byte @Nullable [] request;
        private int unwrittenBytes;
        private ReadCall read = ReadCall.ANSWERED;
        private boolean waiting;
        private boolean closed;

        Lookup(ServerCall<byte[], EncodedResponse> call, Method method, long deadlineNanos, long marginNanosMax) {
            this.call = call;
            this.method = method;
            this.deadlineNanos = deadlineNanos;
            this.marginNanosMax = marginNanosMax;
            this.unwritten = Unwritten.of(call.getAttributes());
            this.unwrittenOfLoop = unwrittenOfThisLoop.get();
        }

        @Override
        public void onMessage(byte[] message) {
            if (request != null) {
                close(Status.INTERNAL.withDescription("more than one request message"), new Metadata());
            }
            request = message;
        }

        @Override
        public void onHalfClose() {
            byte[] message = request;
            ReadPath path = ofThisLoop.get();
            if (closed) {
                return;
            }
            if (message == null || path == null) {
                close(
                        Status.INTERNAL.withDescription(
                                message == null ? "no request message" : "not on an event loop"),
                        new Metadata());
                return;
            }
            request = null;
            if (isFull()) {
                return;
            }
            read = method.start(path, ByteBuffer.wrap(message), answerAtNanos(), this);
            if (!closed) {
                waiting = true;
                inFlight.increment();
            }
        }

        /** Before the caller's deadline, if the answer should say how far it came. */
        private long answerAtNanos() {
            if (marginNanosMax == 0 || deadlineNanos == ReadPath.NO_DEADLINE) {
                return deadlineNanos;
            }
            long leftNanos = deadlineNanos - System.nanoTime();
            return deadlineNanos - Math.min(marginNanosMax, Math.max(0, leftNanos / 10));
        }

        @Override
        public void onCancel() {
            written();
            end();
            read.cancel();
        }

        @Override
        public void onComplete() {
            written();
        }

        private void written() {
            unwritten.add(-unwrittenBytes);
            unwrittenOfLoop.add(-unwrittenBytes);
            unwrittenBytes = 0;
        }

        /** Refuses the call if too many answers wait to be read. */
        private boolean isFull() {
            if (unwritten.isFull()) {
                failure(unwritten.refusal());
                return true;
            }
            if (unwrittenOfLoop.isFull()) {
                failure(unwrittenOfLoop.refusal());
                return true;
            }
            return false;
        }

        @Override
        public void success(EncodedResponse response) {
            if (closed) {
                return;
            }
            if (isFull()) {
                return;
            }
            unwrittenBytes = response.length();
            unwritten.add(unwrittenBytes);
            unwrittenOfLoop.add(unwrittenBytes);
            call.sendHeaders(new Metadata());
            call.sendMessage(response); // written before this returns: the response is the loop's own
            close(Status.OK, new Metadata());
        }

        @Override
        public void failure(Failure failure) {
            if (closed) {
                return;
            }
            close(Failures.status(failure), Failures.trailers(failure));
        }

        private void close(Status status, Metadata trailers) {
            if (!closed) {
                end();
                call.close(status, trailers);
            }
        }

        private void end() {
            closed = true;
            if (waiting) {
                waiting = false;
                inFlight.decrement();
            }
        }
    }
}
