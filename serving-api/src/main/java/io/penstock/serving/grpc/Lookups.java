package io.penstock.serving.grpc;

import io.netty.channel.EventLoop;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
import io.penstock.serving.config.ServingConfig;
import io.penstock.serving.read.LoopTimer;
import io.penstock.serving.read.ReadCall;
import io.penstock.serving.read.ReadPath;
import io.penstock.serving.read.ResponseSink;
import io.penstock.serving.v1.ServingServiceGrpc;
import io.penstock.store.EventLoopHandle;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The read paths that {@code Get} and {@code BatchGet} are answered by, one for each loop. A look-up is read, answered and
 * written on the loop its connection lives on, so it never changes threads and nothing of it is shared.
 */
public final class Lookups implements AutoCloseable {
    /**
     * A batch says what it has so long before its caller's deadline, or a tenth of the time it was given if that is less:
     * at the deadline itself, which client and server both watch, nobody would be left to read it.
     */
    static final long BATCH_MARGIN_NANOS_MAX = 20_000_000;
    /** Requests up to this many times the limit are read, so that the answer can name the limit. */
    static final int REQUEST_READ_FACTOR = 4;

    private static final Method GET =
            new Method(path(ServingServiceGrpc.getGetMethod().getFullMethodName()), ReadPath::get, 0);
    private static final Method BATCH_GET = new Method(
            path(ServingServiceGrpc.getBatchGetMethod().getFullMethodName()),
            ReadPath::batchGet,
            BATCH_MARGIN_NANOS_MAX);

    /** Set once on each loop, before the server listens. */
    private final FastThreadLocal<OfLoop> ofThisLoop = new FastThreadLocal<>();

    private final List<EventLoop> loops;

    /** Lookups that were not answered at once. */
    private final LongAdder inFlight = new LongAdder();

    private Lookups(List<EventLoop> loops) {
        this.loops = loops;
    }

    private static AsciiString path(String fullMethodName) {
        return AsciiString.cached("/" + fullMethodName);
    }

    /** Opens read paths. Called on the loop. */
    @FunctionalInterface
    public interface Opener {
        ReadPath open(EventLoopHandle loop, LoopTimer timer);
    }

    /** Opens a read path on each loop and waits for all of them. */
    public static Lookups open(EventLoops eventLoops, ServingConfig.Limits limits, Opener opener) {
        Lookups lookups = new Lookups(eventLoops.loops());
        lookups.onEachLoop(loop -> lookups.ofThisLoop.set(
                new OfLoop(opener.open(new NettyLoop(loop), timer(loop)), limits, lookups.inFlight)));
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

    /** The look-up of a request's {@code :path}; null if it is none. */
    static @Nullable Method method(@Nullable CharSequence path) {
        if (path == null) {
            return null;
        }
        return GET.path.contentEquals(path) ? GET : BATCH_GET.path.contentEquals(path) ? BATCH_GET : null;
    }

    /** Null: they are closed. */
    @Nullable
    OfLoop ofThisLoop() {
        return ofThisLoop.get();
    }

    long inFlight() {
        return inFlight.sum();
    }

    /** Fails what is unanswered. The server has ended before. */
    @Override
    public void close() {
        onEachLoop(loop -> {
            OfLoop present = ofThisLoop.get();
            if (present != null) {
                ofThisLoop.remove();
                present.path.close();
            }
        });
    }

    @FunctionalInterface
    private interface Start {
        ReadCall read(ReadPath path, ByteBuffer request, long deadlineNanos, ResponseSink sink);
    }

    /** A kind of look-up. */
    record Method(AsciiString path, Start start, long marginNanosMax) {
        /** Before the caller's deadline, if the answer should say how far it came. */
        private long answerAtNanos(long deadlineNanos) {
            if (marginNanosMax == 0 || deadlineNanos == ReadPath.NO_DEADLINE) {
                return deadlineNanos;
            }
            long leftNanos = deadlineNanos - System.nanoTime();
            return deadlineNanos - Math.min(marginNanosMax, Math.max(0, leftNanos / 10));
        }

        ReadCall read(OfLoop loop, ByteBuffer request, long deadlineNanos, ResponseSink sink) {
            return start.read(loop.path, request, answerAtNanos(deadlineNanos), sink);
        }
    }

    /** What the look-ups of a loop have in common. Confined to the loop. */
    static final class OfLoop {
        private final ReadPath path;
        private final Unwritten unwritten;
        private final RequestMessage message;
        private final LongAdder inFlight;
        private final Reply.Target target = new Reply.Target();

        OfLoop(ReadPath path, ServingConfig.Limits limits, LongAdder inFlight) {
            this.path = path;
            this.unwritten = Unwritten.ofLoop(limits.unwrittenBytes());
            this.message = new RequestMessage(REQUEST_READ_FACTOR * limits.requestBytes());
            this.inFlight = inFlight;
        }

        /** Answers that the callers of this loop have not read yet. */
        Unwritten unwritten() {
            return unwritten;
        }

        RequestMessage message() {
            return message;
        }

        void waiting(int more) {
            inFlight.add(more);
        }

        /** What answers write themselves through. */
        Reply.Target target() {
            return target;
        }
    }
}
