package io.penstock.benchmarks.load;

import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.penstock.benchmarks.BenchmarkException;
import io.penstock.benchmarks.wire.CallConnection;
import io.penstock.benchmarks.wire.CallListener;
import io.penstock.benchmarks.wire.EventLoops;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One thread of the driver with its share of the connections and of the load. The thread is the event loop: it sends what
 * is due, writes, reads what has come, and so on, without a timer between. So the difference between a call's due time
 * and the end of the write that carried it is all the driver's own lag: a lane that is busy reading answers is late in
 * sending, and that is seen. Hot.
 */
final class Lane implements CallListener {
    /** So that a lane that is behind still reads answers. */
    private static final int SENDS_A_TURN_MAX = 32;

    /** An open loop against a server that stands still must not fill the heap: what is due beyond it is withheld. */
    private static final int IN_FLIGHT_MAX = 100_000;

    private static final double RAMP_OF_WARM_UP = 0.5;
    private static final double RAMP_FROM = 0.02;

    private static final Duration CONNECT_MAX = Duration.ofSeconds(10);
    private static final long HOUSEKEEPING_NANOS = Duration.ofMillis(1).toNanos();

    private final LoadOptions options;
    private final Pace pace;
    private final double meanGapNanos;
    private final SplittableRandom random;
    private final Requests requests;
    private final int connectionCount;
    private final FastThreadLocalThread thread;
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final CompletableFuture<Clock> clock = new CompletableFuture<>();
    private final CompletableFuture<Recorder> done = new CompletableFuture<>();
    private final DueCalls waiting = new DueCalls();
    private final long[] sentThisTurn = new long[SENDS_A_TURN_MAX];

    /** Written by the driver's thread, read by the lane. */
    private volatile boolean stopped;

    @SuppressWarnings("NullAway.Init") // the thread sets it first
    private Connections connections;

    @SuppressWarnings("NullAway.Init") // set before the first call
    private Recorder recorder;

    private Clock times = new Clock(0, 0, 0);
    private double dueOffsetNanos;
    private int sentCount;
    private int inFlight;
    private boolean sendingOver;
    private long housekeepingAt;

    /** @param share this lane's part of the load, of {@code lanes} equal ones */
    Lane(LoadOptions options, int share, int lanes) {
        long seed = options.calls() instanceof Calls.Lookups lookups
                ? lookups.keys().seed()
                : 0;
        this.options = options;
        this.random = new SplittableRandom(seed + share);
        this.requests = Requests.of(options.calls(), random.split());
        this.pace = options.pace().share(share, lanes);
        this.meanGapNanos = pace instanceof Pace.OpenLoop open ? 1e9 / open.callsPerSecond() : 0;
        this.dueOffsetNanos = meanGapNanos * share / lanes;
        int all = options.target().connections();
        this.connectionCount = all / lanes + (share < all % lanes ? 1 : 0);
        this.thread = new FastThreadLocalThread(this::live, "load-" + share);
        thread.setDaemon(true);
    }

    /**
     * When a run begins and ends, of the monotonic clock.
     *
     * @param start of the warm-up
     * @param measureFrom calls due from here on are measured
     * @param end no call is due from here on
     */
    record Clock(long start, long measureFrom, long end) {}

    /** Complete when all connections are open. */
    CompletableFuture<Void> connect() {
        thread.start();
        return connected;
    }

    /** Complete when the last call has ended. */
    CompletableFuture<Recorder> run(Clock clock) {
        this.clock.complete(clock);
        return done;
    }

    /** Ends the thread, whatever it does, and waits for it. */
    void stop() throws InterruptedException {
        stopped = true;
        clock.cancel(false);
        thread.join();
    }

    private void live() {
        ManualIoEventLoop loop = new ManualIoEventLoop(Thread.currentThread(), EventLoops.ioHandler());
        try {
            connections =
                    new Connections(loop, options.target(), options.calls().method(), connectionCount, this);
            connectAll(loop);
            connected.complete(null);
            times = clock.join();
            recorder = new Recorder(times.measureFrom(), times.end() - times.measureFrom());
            drive(loop);
            done.complete(recorder);
        } catch (Throwable e) { // whoever waits must hear of it
            connected.completeExceptionally(e);
            done.completeExceptionally(e);
        } finally {
            end(loop);
        }
    }

    private void connectAll(ManualIoEventLoop loop) {
        long giveUp = System.nanoTime() + CONNECT_MAX.toNanos();
        connections.open(System.nanoTime());
        while (!connections.allOpen()) {
            loop.run(HOUSEKEEPING_NANOS);
            if (!connections.problem().isEmpty() || System.nanoTime() - giveUp > 0 || stopped) {
                String problem = connections.problem();
                throw new BenchmarkException(
                        BenchmarkException.Code.UNREACHABLE,
                        "server " + options.target().server() + " does not answer: "
                                + (problem.isEmpty() ? "nothing in " + CONNECT_MAX.toSeconds() + " s" : problem),
                        null);
            }
        }
    }

    private void drive(ManualIoEventLoop loop) {
        while (!stopped) {
            long now = System.nanoTime();
            long wait = pace instanceof Pace.OpenLoop open ? sendDue(open, now) : fill(now);
            connections.flush();
            recordLag();
            if (sendingOver && inFlight == 0 && waiting.isEmpty()) {
                return;
            }
            keepHouse(now);
            if (wait <= 0) {
                loop.runNow();
            } else {
                loop.run(Math.min(wait, HOUSEKEEPING_NANOS));
            }
        }
    }

    /** Sends what is due; returns how long nothing is. */
    private long sendDue(Pace.OpenLoop open, long now) {
        sendWaiting(now);
        while (sentCount < SENDS_A_TURN_MAX && !sendingOver) {
            long due = times.start() + (long) dueOffsetNanos;
            if (due - times.end() >= 0) {
                sendingOver = true;
                break;
            }
            if (due - now > 0) {
                return open.spins() ? 0 : due - now;
            }
            sentThisTurn[sentCount++] = due;
            begin(due, now);
            dueOffsetNanos = afterGap(open.arrivals().nextGapNanos(meanGapNanos, random));
        }
        return sendingOver ? HOUSEKEEPING_NANOS : 0;
    }

    /** At first a small share of the rate, so that neither a cold server nor a cold driver begins with a backlog. */
    private double afterGap(double gapNanos) {
        double rampNanos = (times.measureFrom() - times.start()) * RAMP_OF_WARM_UP;
        if (dueOffsetNanos >= rampNanos) {
            return dueOffsetNanos + gapNanos;
        }
        double stretched = gapNanos / Math.max(RAMP_FROM, dueOffsetNanos / rampNanos);
        return Math.min(dueOffsetNanos + stretched, Math.max(rampNanos, dueOffsetNanos + gapNanos));
    }

    private void sendWaiting(long now) {
        while (!waiting.isEmpty()) {
            CallConnection connection = connections.next();
            if (connection == null) {
                return;
            }
            send(connection, waiting.remove(), now);
        }
    }

    private void begin(long due, long now) {
        CallConnection connection = waiting.isEmpty() ? connections.next() : null;
        if (connection != null && inFlight < IN_FLIGHT_MAX) {
            send(connection, due, now);
        } else if (connections.noneOpen()) {
            failed(due, now, Status.Code.UNAVAILABLE.value());
        } else if (inFlight + waiting.size() < IN_FLIGHT_MAX) {
            waiting.add(due);
        } else if (isMeasured(due)) {
            recorder.withheld++;
        }
    }

    private void recordLag() {
        if (sentCount == 0) {
            return;
        }
        long now = System.nanoTime();
        for (int i = 0; i < sentCount; i++) {
            if (isMeasured(sentThisTurn[i])) {
                recorder.sent(now - sentThisTurn[i]);
            }
        }
        sentCount = 0;
    }

    /** At the start, and when calls were lost with their connection. */
    private long fill(long now) {
        if (now - times.end() >= 0) {
            sendingOver = true;
        }
        int target = ((Pace.ClosedLoop) pace).inFlight();
        while (inFlight < target && !sendingOver && now - times.start() >= 0) {
            CallConnection connection = connections.next();
            if (connection == null) {
                recorder.withoutRoom = Math.max(recorder.withoutRoom, connections.noneOpen() ? 0 : target - inFlight);
                break;
            }
            send(connection, now, now);
        }
        return HOUSEKEEPING_NANOS;
    }

    private void send(CallConnection connection, long due, long now) {
        inFlight++;
        int length = requests.next();
        connection.send(due, now, requests.bytes(), length);
    }

    private void keepHouse(long now) {
        if (now - housekeepingAt >= 0) {
            housekeepingAt = now + HOUSEKEEPING_NANOS;
            connections.expire(now);
            connections.open(now);
        }
    }

    private boolean isMeasured(long due) {
        return due - times.measureFrom() >= 0;
    }

    @Override
    public void opened(CallConnection connection) {
        connections.opened(connection);
    }

    @Override
    public void message(long due, ByteBuf buffer, int offset, int length) {
        if (!isMeasured(due)) {
            return;
        }
        recorder.answerBytes += length;
        if (options.calls() instanceof Calls.Lookups lookups) {
            if (lookups.batch() == 0) {
                recorder.outcomes.addGet(buffer, offset, length);
            } else {
                recorder.outcomes.addBatch(buffer, offset, length);
            }
        }
    }

    @Override
    public void ended(CallConnection connection, long due, int status) {
        long now = System.nanoTime();
        inFlight--;
        if (status != Status.Code.OK.value()) {
            failed(due, now, status);
        } else {
            answered(due, now);
        }
        if (pace instanceof Pace.ClosedLoop && !sendingOver && now - times.end() < 0 && connection.canSend()) {
            send(connection, now, now);
        }
    }

    private void answered(long due, long now) {
        if (now - times.measureFrom() >= 0 && now - times.end() < 0) {
            recorder.answeredInSpan++;
        }
        if (isMeasured(due)) {
            recorder.answered(due, now - due);
        }
    }

    private void failed(long due, long now, int status) {
        if (isMeasured(due)) {
            recorder.failed(due, now - due, status);
        }
    }

    @Override
    public void closed(CallConnection connection, String reason) {
        connections.lost(connection, reason);
    }

    private void end(ManualIoEventLoop loop) {
        connections.close();
        var unused = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        while (!loop.isTerminated()) {
            loop.run(HOUSEKEEPING_NANOS);
        }
    }
}
