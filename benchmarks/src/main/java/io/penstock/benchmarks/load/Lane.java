package io.penstock.benchmarks.load;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.netty.channel.EventLoop;
import io.penstock.benchmarks.wire.RawMethods;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One event loop of the driver with its share of the connections and of the load. Everything but the constructor runs on
 * the loop, sending included, so the difference between a call's due time and its actual start is all the driver's own
 * lag: a loop that is busy reading answers is late in sending, and that is seen.
 */
final class Lane {
    /** So that a lane that is behind still reads answers. */
    private static final int SENDS_A_TURN_MAX = 32;

    /** An open loop against a server that stands still must not fill the heap: what is due beyond it is withheld. */
    private static final int IN_FLIGHT_MAX = 100_000;

    private final EventLoop loop;
    private final List<Channel> channels;
    private final Requests requests;
    private final Pace pace;
    private final double meanGapNanos;
    private final SplittableRandom random;
    private final MethodDescriptor<byte[], byte[]> method;
    private final boolean batch;
    private final long deadlineNanos;
    private final Recorder recorder = new Recorder();
    private final CompletableFuture<Recorder> done = new CompletableFuture<>();

    private long startNanos;
    private long measureFromNanos;
    private long endNanos;
    private double dueOffsetNanos;
    private int nextChannel;
    private int inFlight;
    private boolean sendingOver;

    /** @param share this lane's part of the load, of {@code lanes} equal ones */
    Lane(EventLoop loop, List<Channel> channels, LoadOptions options, int share, int lanes) {
        this.loop = loop;
        this.channels = channels;
        this.random = new SplittableRandom(options.keys().seed() + share);
        this.requests = new Requests(options.target(), options.keys(), random.split());
        this.pace = sharedPace(options.pace(), share, lanes);
        this.meanGapNanos = pace instanceof Pace.OpenLoop open ? 1e9 / open.callsPerSecond() : 0;
        this.dueOffsetNanos = meanGapNanos * share / lanes;
        this.batch = options.target().batch() > 0;
        this.method = batch ? RawMethods.BATCH_GET : RawMethods.GET;
        this.deadlineNanos = options.target().deadline().toNanos();
    }

    private static Pace sharedPace(Pace whole, int share, int lanes) {
        if (whole instanceof Pace.OpenLoop open) {
            return new Pace.OpenLoop(open.callsPerSecond() / lanes, open.arrivals(), open.budgetP99());
        }
        int inFlight = ((Pace.ClosedLoop) whole).inFlight();
        return new Pace.ClosedLoop(Math.max(1, inFlight / lanes + (share < inFlight % lanes ? 1 : 0)));
    }

    /** Begins at {@code startNanos} of the monotonic clock; complete when the last call has ended. */
    CompletableFuture<Recorder> run(long startNanos, long measureFromNanos, long endNanos) {
        this.startNanos = startNanos;
        this.measureFromNanos = measureFromNanos;
        this.endNanos = endNanos;
        loop.execute(pace instanceof Pace.OpenLoop open ? () -> sendDue(open) : this::fill);
        return done;
    }

    private void sendDue(Pace.OpenLoop open) {
        for (int sent = 0; sent < SENDS_A_TURN_MAX; sent++) {
            long due = startNanos + (long) dueOffsetNanos;
            if (due - endNanos >= 0) {
                stopSending();
                return;
            }
            long wait = due - System.nanoTime();
            if (wait > 0) {
                var unused = loop.schedule(() -> sendDue(open), wait, TimeUnit.NANOSECONDS);
                return;
            }
            sendOrWithhold(due);
            dueOffsetNanos += open.arrivals().nextGapNanos(meanGapNanos, random);
        }
        loop.execute(() -> sendDue(open));
    }

    private void sendOrWithhold(long due) {
        if (inFlight < IN_FLIGHT_MAX) {
            send(due);
        } else if (due - measureFromNanos >= 0) {
            recorder.withheld++;
        }
    }

    private void fill() {
        int target = ((Pace.ClosedLoop) pace).inFlight();
        while (inFlight < target) {
            send(System.nanoTime());
        }
    }

    private void send(long due) {
        long now = System.nanoTime();
        boolean measured = due - measureFromNanos >= 0;
        if (measured && pace instanceof Pace.OpenLoop) {
            recorder.sent(now - due);
        }
        inFlight++;
        Channel channel = channels.get(nextChannel);
        nextChannel = nextChannel + 1 == channels.size() ? 0 : nextChannel + 1;
        ClientCall<byte[], byte[]> call =
                channel.newCall(method, CallOptions.DEFAULT.withDeadlineAfter(deadlineNanos, TimeUnit.NANOSECONDS));
        call.start(new Answer(due, measured), new Metadata());
        call.request(2);
        call.sendMessage(requests.next());
        call.halfClose();
    }

    private void ended() {
        inFlight--;
        if (pace instanceof Pace.ClosedLoop && !sendingOver) {
            long now = System.nanoTime();
            if (now - endNanos < 0) {
                send(now);
                return;
            }
            sendingOver = true;
        }
        completeIfDone();
    }

    private void stopSending() {
        sendingOver = true;
        completeIfDone();
    }

    private void completeIfDone() {
        if (sendingOver && inFlight == 0) {
            done.complete(recorder);
        }
    }

    private final class Answer extends ClientCall.Listener<byte[]> {
        private final long due;
        private final boolean measured;
        private byte @Nullable [] response;

        Answer(long due, boolean measured) {
            this.due = due;
            this.measured = measured;
        }

        @Override
        public void onMessage(byte[] message) {
            response = message;
        }

        /** Usually on the loop; a call that never reached a connection may end elsewhere. */
        @Override
        public void onClose(Status status, Metadata trailers) {
            if (loop.inEventLoop()) {
                close(status);
            } else {
                loop.execute(() -> close(status));
            }
        }

        private void close(Status status) {
            long now = System.nanoTime();
            byte[] answer = status.isOk() ? response : null;
            if (answer != null && now - measureFromNanos >= 0 && now - endNanos < 0) {
                recorder.answeredInSpan++;
            }
            if (measured && answer != null) {
                recorder.answered(now - due, answer, batch);
            } else if (measured) {
                recorder.failed(now - due, status.isOk() ? Status.Code.INTERNAL : status.getCode());
            }
            ended();
        }
    }
}
