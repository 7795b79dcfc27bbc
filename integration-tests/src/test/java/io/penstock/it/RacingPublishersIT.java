package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.it.StoreKind.RunningStore;
import io.penstock.publisher.Publication;
import io.penstock.publisher.PublicationObserver;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.PublisherOptions;
import io.penstock.publisher.Step;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Two publishers begin at the same moment, again and again, each with a store of its own: one commits. */
@ParameterizedClass
@MethodSource("io.penstock.it.StoreKind#available")
class RacingPublishersIT {
    private static final String NAMESPACE = "races";
    private static final TestData DATA = new TestData("raced", 200, 50, 40);
    private static final int RACES = Integer.getInteger("penstock.races", 20);

    private enum End {
        COMMITTED,
        TURNED_AWAY
    }

    @Parameter
    @SuppressWarnings("NullAway.Init") // set before every test
    private StoreKind kind;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before every test
    private Path directory;

    @Test
    void ofTwoPublishersOneCommitsAndTheOtherIsTurnedAway() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (RunningStore running = kind.start(directory);
                Store one = Stores.open(running.url(), true);
                Store other = Stores.open(running.url(), false)) {
            StoreAudit audit = new StoreAudit(one, NAMESPACE);
            for (int state = 1; state <= RACES; state++) {
                Race race = new Race(state);
                Future<End> first = threads.submit(race.runner(one));
                Future<End> second = threads.submit(race.runner(other));
                assertThat(List.of(first.get(60, TimeUnit.SECONDS), second.get(60, TimeUnit.SECONDS)))
                        .as("race %d", state)
                        .containsExactlyInAnyOrder(End.COMMITTED, End.TURNED_AWAY);
                audit.assertCurrentIs(DATA, state);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Who takes the slot first keeps it until the other has been turned away. */
    private static final class Race implements PublicationObserver {
        private final long state;
        private final CyclicBarrier start = new CyclicBarrier(2);
        private final AtomicBoolean taken = new AtomicBoolean();
        private final CountDownLatch turnedAway = new CountDownLatch(1);

        Race(long state) {
            this.state = state;
        }

        Callable<End> runner(Store store) {
            return () -> {
                PublisherOptions options =
                        PublisherOptions.DEFAULTS.withHeartbeat(Duration.ofMillis(100), Duration.ofSeconds(5));
                try (Publisher publisher =
                        Publisher.builder(store).options(options).observer(this).build()) {
                    start.await(30, TimeUnit.SECONDS);
                    publisher.publish(Publication.builder(NAMESPACE, DATA.contract(), DATA.source(state))
                            .build());
                    return End.COMMITTED;
                } catch (PublisherException e) {
                    if (e.category() != Category.BUSY && e.category() != Category.FENCED) {
                        throw e;
                    }
                    return End.TURNED_AWAY;
                } finally {
                    turnedAway.countDown();
                }
            };
        }

        @Override
        public void at(Step step, String detail) {
            if (step == Step.SLOT_TAKEN && taken.compareAndSet(false, true)) {
                try {
                    assertThat(turnedAway.await(30, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }
}
