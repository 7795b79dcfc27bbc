package io.penstock.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Channel;
import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.v1.GetResponse;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.ReadOptions;
import io.penstock.store.testkit.Await;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many readers at once, each of them a session that asks for one row after another: it says what it has seen so far, so no
 * answer may be older, and checks every answer by the revision it names. What came of the calls is in a {@link Tally},
 * which the test may exchange for a fresh one at any moment.
 *
 * <p>The deadline goes to the server without being kept by the client as well, so that the server's own is measured.
 */
final class Readers implements AutoCloseable {
    /** Without a failure for this long, service is full again. */
    private static final Duration CALM = Duration.ofMillis(500);

    private final PublishedData published;
    private final Rows rows;
    private final Duration deadline;
    private final Duration pause;
    private final ScheduledExecutorService pauses = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "readers");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicInteger running = new AtomicInteger();
    private volatile Tally tally = new Tally();
    private volatile boolean over;

    /** Which row is asked for next. Called by one thread at a time for each reader, with its own source of chance. */
    interface Rows {
        int next(SplittableRandom random);

        /** Rows of a range, each as likely as the others. */
        static Rows among(int from, int to) {
            return random -> random.nextInt(from, to);
        }

        /** The rows of a range one after the other, over and over, whoever asks. */
        static Rows through(int from, int to) {
            AtomicInteger turn = new AtomicInteger();
            return random -> from + Math.floorMod(turn.getAndIncrement(), to - from);
        }
    }

    private Readers(PublishedData published, Rows rows, Duration deadline, Duration pause) {
        this.published = published;
        this.rows = rows;
        this.deadline = deadline;
        this.pause = pause;
    }

    /**
     * Starts readers on connections of a server.
     *
     * @param channels shared by the readers in turn
     * @param pause between an answer and the next call of the same reader
     */
    static Readers start(
            PublishedData published, Rows rows, int readers, Duration deadline, Duration pause, Channel... channels) {
        Readers all = new Readers(published, rows, deadline, pause);
        for (int i = 0; i < readers; i++) {
            all.running.incrementAndGet();
            all.new Reader(channels[i % channels.length], new SplittableRandom(i)).ask();
        }
        return all;
    }

    PublishedData published() {
        return published;
    }

    /** What came of the calls that ended since the last time this was asked. */
    Tally take() {
        Tally taken = tally;
        tally = new Tally();
        return taken;
    }

    /** What has come of the calls so far, still counting. */
    Tally tally() {
        return tally;
    }

    /** Takes what comes of the calls that end within the time from now. */
    Tally during(Duration time) throws InterruptedException {
        take();
        CountDownLatch passed = new CountDownLatch(1);
        var unused = pauses.schedule(passed::countDown, time.toNanos(), TimeUnit.NANOSECONDS);
        passed.await();
        return take();
    }

    /**
     * Waits until nothing has failed for a while.
     *
     * @return how long after {@code sinceNanos} the last call failed
     */
    Duration awaitFullService(long sinceNanos) throws InterruptedException {
        long lastFailureNanos = sinceNanos;
        long giveUpNanos = System.nanoTime() + Await.LIMIT.toNanos();
        while (true) {
            Tally now = during(CALM);
            now.assertNothingWrong();
            if (now.found() > 0 && now.failed() == 0) {
                return Duration.ofNanos(Math.max(0, lastFailureNanos - sinceNanos));
            }
            lastFailureNanos = now.failed() > 0 ? now.lastFailureNanos() : System.nanoTime();
            assertThat(System.nanoTime() - giveUpNanos)
                    .as("still failing: " + now)
                    .isNegative();
        }
    }

    /** Lets every reader end with the answer it waits for, and takes what is left to be taken. */
    Tally end() {
        over = true;
        Await.until("every call ends", () -> running.get() == 0);
        pauses.shutdownNow();
        return take();
    }

    @Override
    public void close() {
        if (!over) {
            over = true;
            pauses.shutdownNow();
        }
    }

    private final class Reader {
        private final Channel channel;
        private final SplittableRandom random;
        private long revision;

        Reader(Channel channel, SplittableRandom random) {
            this.channel = channel;
            this.random = random;
        }

        void ask() {
            if (over) {
                running.decrementAndGet();
                return;
            }
            int row = rows.next(random);
            GetRequest request = published.request(row).toBuilder()
                    .setOptions(ReadOptions.newBuilder().setMinRevision(revision))
                    .build();
            long startNanos = System.nanoTime();
            Call.start(channel, request, deadline.toNanos() / 1_000 + "u", (end, response) -> {
                if (response != null) {
                    check(row, response);
                }
                ended(end, startNanos);
            });
        }

        void ended(String end, long startNanos) {
            long nowNanos = System.nanoTime();
            tally.ended(end, startNanos, nowNanos, startNanos + deadline.toNanos());
            if (pauses.isShutdown()) {
                running.decrementAndGet();
                return;
            }
            var unused = pauses.schedule(this::ask, pause.toNanos(), TimeUnit.NANOSECONDS);
        }

        void check(int row, GetResponse response) {
            long answered = response.getVersionInfo().getRevision();
            if (answered < revision) {
                tally.wrong("row " + row + " at revision " + answered + " after " + revision);
            }
            revision = answered;
            if (response.getOutcome() != Outcome.OUTCOME_FOUND) {
                tally.wrong("row " + row + " is " + response.getOutcome() + " at revision " + answered);
            } else if (!Arrays.equals(response.getValue().toByteArray(), published.value(row, answered))) {
                tally.wrong("row " + row + " has another value at revision " + answered);
            }
        }
    }
}
