package io.penstock.publisher;

import static io.penstock.publisher.testing.TestNamespace.TTL;
import static io.penstock.publisher.testing.TestNamespace.items;
import static io.penstock.publisher.testing.TestNamespace.publication;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.testing.TestNamespace;
import io.penstock.store.StoreException;
import io.penstock.store.catalog.CatalogRefusedException;
import io.penstock.store.catalog.CatalogTransitions;
import io.penstock.store.testkit.Fault;
import io.penstock.store.testkit.FaultyStore;
import io.penstock.store.testkit.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two publishers, sleeping ones, and ones that lost the store. */
class SlotBehaviourTest {
    private final TestNamespace namespace = new TestNamespace();
    private final Map<String, String> before = items(1_000, 100);
    private final Map<String, String> after = items(1_100, 90);

    /** Where a publication of another thread stands still. */
    private static final class Halt implements PublicationObserver {
        private final Step where;
        private final CountDownLatch arrived = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);
        private final AtomicBoolean once = new AtomicBoolean();

        Halt(Step where) {
            this.where = where;
        }

        @Override
        public void at(Step step, String detail) {
            if (step == where && once.compareAndSet(false, true)) {
                arrived.countDown();
                await(open);
            }
        }

        void awaitArrival() {
            await(arrived);
        }

        void release() {
            open.countDown();
        }

        private static void await(CountDownLatch latch) {
            try {
                assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private CompletableFuture<PublicationReport> publishInBackground(
            FaultyStore store, Map<String, String> rows, PublicationObserver observer) {
        return CompletableFuture.supplyAsync(() -> {
            try (Publisher publisher =
                    namespace.publisher(store).observer(observer).build()) {
                return publisher.publish(publication("orders", rows));
            }
        });
    }

    @Test
    void refusesToPublishWhileAnotherPublisherIsAlive() {
        Halt halt = new Halt(Step.READING);
        CompletableFuture<PublicationReport> first = publishInBackground(namespace.faulty(), before, halt);
        halt.awaitArrival();

        assertThatThrownBy(() -> namespace.publish("orders", after))
                .isInstanceOfSatisfying(PublisherException.class, e -> {
                    assertThat(e.category()).isEqualTo(Category.BUSY);
                    assertThat(e.getMessage())
                            .matches("orders.v1: another publisher, .+, is publishing version 1 since "
                                    + "2026-03-01T00:00:00Z; publish again when it is done");
                });

        halt.release();
        assertThat(first.join().outcome()).isEqualTo(Outcome.PUBLISHED);
        assertThat(namespace.rows("orders")).isEqualTo(before);
    }

    @Test
    void takesOverFromAPublisherThatSleptAndRefusesItWhenItWakes() {
        namespace.publish("orders", items(1_000, 50));
        FaultyStore sleeper = namespace.faulty();
        Halt halt = new Halt(Step.BUCKETS_SENT);
        CompletableFuture<PublicationReport> first = publishInBackground(sleeper, before, halt);
        halt.awaitArrival();
        sleeper.faults().always(Fault.REQUEST_LOST, Operation.PRESENCE_PUT);

        long startedAt = System.nanoTime();
        PublicationReport second = namespace.publish("orders", after);
        assertThat(System.nanoTime() - startedAt).isGreaterThanOrEqualTo(TTL.toNanos());
        assertThat(second.outcome()).isEqualTo(Outcome.PUBLISHED);

        sleeper.faults().stop();
        halt.release();
        assertThatThrownBy(first::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        PublisherException.class, e -> assertThat(e.category()).isEqualTo(Category.FENCED));
        assertThat(namespace.rows("orders")).isEqualTo(after);
        assertThat(namespace.catalog().require().catalog().getAuditList())
                .extracting("action")
                .containsExactly("takeover");
        namespace.assertNothingLeftBehind();
    }

    @Test
    void sweepsWhatASleepingPublisherWroteLate() {
        namespace.publish("orders", items(1_000, 50));
        FaultyStore sleeper = namespace.faulty();
        // It sleeps between its last check and the write itself: nothing but the sweep can catch that.
        var gate = sleeper.faults();
        Halt halt = new Halt(Step.INTENT_WRITTEN);
        CompletableFuture<PublicationReport> first = publishInBackground(sleeper, before, halt);
        halt.awaitArrival();
        gate.always(Fault.REQUEST_LOST, Operation.PRESENCE_PUT);
        gate.once(Operation.BLOB_PUT, Fault.DELAYED);
        namespace.publish("orders", after);
        halt.release();
        assertThatThrownBy(first::join).isInstanceOf(CompletionException.class);

        gate.release(); // the write arrives when everybody has moved on
        gate.stop();

        namespace.assertNothingLeftBehind();
        assertThat(namespace.rows("orders")).isEqualTo(after);
    }

    @Test
    void cannotCommitOnceARollbackHappened() throws CatalogRefusedException {
        namespace.publish("orders", items(1_000, 50));
        long first = namespace.entry("orders").getCurrent();
        namespace.publish("orders", before);
        Halt halt = new Halt(Step.COMMITTING);
        CompletableFuture<PublicationReport> publication = publishInBackground(namespace.faulty(), after, halt);
        halt.awaitArrival();

        namespace
                .catalog()
                .apply(
                        9,
                        CatalogTransitions.rollback("orders.v1", first, false, 9, "tester", namespace.clock.instant()));
        halt.release();

        assertThatThrownBy(publication::join)
                .cause()
                .isInstanceOfSatisfying(
                        PublisherException.class, e -> assertThat(e.category()).isEqualTo(Category.FENCED));
        assertThat(namespace.rows("orders")).isEqualTo(items(1_000, 50));
        assertThat(namespace.publish("orders", after).manifest().getNumber()).isEqualTo(4);
        namespace.assertNothingLeftBehind();
    }

    @Test
    void findsItsCommitWhenTheReplyIsLost() {
        namespace.publish("orders", before);
        FaultyStore store = namespace.faulty();
        PublicationObserver loseReply = (step, detail) -> {
            if (step == Step.COMMITTING) {
                store.faults().once(Operation.CATALOG_CAS, Fault.REPLY_LOST);
            }
        };
        try (Publisher publisher =
                namespace.publisher(store).observer(loseReply).build()) {
            assertThat(publisher.publish(publication("orders", after)).outcome())
                    .isEqualTo(Outcome.PUBLISHED);
        }
        assertThat(namespace.rows("orders")).isEqualTo(after);
        namespace.assertNothingLeftBehind();
    }

    @Test
    void saysThatTheCommitMayHaveHappenedWhenItCannotBeFoundOut() {
        namespace.publish("orders", before);
        FaultyStore store = namespace.faulty();
        PublicationObserver cutOff = (step, detail) -> {
            if (step == Step.COMMITTING) {
                store.faults()
                        .before(
                                Operation.CATALOG_CAS,
                                () -> store.faults().always(Fault.UNREACHABLE, Operation.CATALOG_READ));
                store.faults().once(Operation.CATALOG_CAS, Fault.REPLY_LOST);
            }
        };
        try (Publisher publisher = namespace.publisher(store).observer(cutOff).build()) {
            assertThatThrownBy(() -> publisher.publish(publication("orders", after)))
                    .isInstanceOfSatisfying(PublisherException.class, e -> {
                        assertThat(e.category()).isEqualTo(Category.UNAVAILABLE);
                        assertThat(e.code()).isEqualTo("COMMIT_UNKNOWN");
                        assertThat(e.getMessage()).contains("it may have happened");
                    });
        }
        assertThat(namespace.rows("orders")).as("it had happened").isEqualTo(after);
        namespace.assertNothingLeftBehind();
        assertThat(namespace.publish("orders", after).outcome()).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    void stopsWritingWhenItsHeartbeatIsRefused() {
        namespace.publish("orders", before);
        FaultyStore store = namespace.faulty();
        AtomicBoolean committed = new AtomicBoolean();
        PublicationObserver refuse = (step, detail) -> {
            if (step == Step.READING) {
                store.faults().always(Fault.UNREACHABLE, Operation.PRESENCE_PUT);
                Halt.await(laterThanTtl());
            }
            committed.compareAndSet(false, step == Step.COMMITTED);
        };
        try (Publisher publisher = namespace.publisher(store).observer(refuse).build()) {
            assertThatThrownBy(() -> publisher.publish(publication("orders", after)))
                    .isInstanceOfSatisfying(PublisherException.class, e -> {
                        assertThat(e.category()).isEqualTo(Category.FENCED);
                        assertThat(e.code()).isEqualTo("HEARTBEAT_LOST");
                    });
        }
        assertThat(committed).isFalse();
        assertThat(namespace.entry("orders").hasSlot()).isFalse();
        assertThat(namespace.rows("orders")).isEqualTo(before);
    }

    @Test
    void stopsWritingWithinATimeToLiveOfLosingItsSlotEvenWhenNoGapIsThatLong() {
        namespace.publish("orders", items(1_000, 50));
        long first = namespace.entry("orders").getCurrent();
        namespace.publish("orders", before);
        AtomicBoolean manifestWritten = new AtomicBoolean();
        PublicationObserver slow = (step, detail) -> {
            if (step == Step.BUCKETS_SENT) {
                rollBackTo(first);
            }
            if (step == Step.BUCKETS_SENT || step == Step.MANIFEST_READY) {
                Halt.await(after(TTL.toMillis() * 2 / 3));
            }
            manifestWritten.compareAndSet(false, step == Step.MANIFEST_WRITTEN);
        };

        assertThatThrownBy(() -> namespace.publish(publication("orders", after), slow))
                .isInstanceOfSatisfying(PublisherException.class, e -> {
                    assertThat(e.category()).isEqualTo(Category.FENCED);
                    assertThat(e.getMessage()).contains("slot");
                });
        assertThat(manifestWritten).isFalse();
        namespace.assertNothingLeftBehind();
    }

    private void rollBackTo(long generation) {
        try {
            namespace
                    .catalog()
                    .apply(
                            9,
                            CatalogTransitions.rollback(
                                    "orders.v1", generation, false, 9, "tester", namespace.clock.instant()));
        } catch (CatalogRefusedException e) {
            throw new AssertionError(e);
        }
    }

    private static CountDownLatch laterThanTtl() {
        return after(TTL.toMillis() + 100);
    }

    private static CountDownLatch after(long millis) {
        CountDownLatch latch = new CountDownLatch(1);
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(latch::countDown);
        return latch;
    }

    @Test
    void doesNotTakeAnUnreadablePresenceForSilence() {
        Halt halt = new Halt(Step.READING);
        CompletableFuture<PublicationReport> first = publishInBackground(namespace.faulty(), before, halt);
        halt.awaitArrival();
        FaultyStore store = namespace.faulty();
        store.faults().always(Fault.UNREACHABLE, Operation.PRESENCE_LIST);

        try (Publisher publisher = namespace.publisher(store).build()) {
            assertThatThrownBy(() -> publisher.publish(publication("orders", after)))
                    .isInstanceOfSatisfying(
                            PublisherException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.UNAVAILABLE))
                    .hasCauseInstanceOf(StoreException.class);
        }
        halt.release();
        assertThat(first.join().outcome()).isEqualTo(Outcome.PUBLISHED);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void aWallClockThatJumpsTakesNoSlotFromALivingPublisher(long hours) {
        namespace.publish("orders", items(1_000, 50));
        Halt halt = new Halt(Step.BUCKETS_SENT);
        CompletableFuture<PublicationReport> first = publishInBackground(namespace.faulty(), before, halt);
        halt.awaitArrival();

        namespace.clock.advance(Duration.ofHours(hours));
        assertThatThrownBy(() -> namespace.publish("orders", after))
                .isInstanceOfSatisfying(
                        PublisherException.class, e -> assertThat(e.category()).isEqualTo(Category.BUSY));
        namespace.collect(TestNamespace.SWEEP_NOW);
        halt.release();

        assertThat(first.join().outcome()).isEqualTo(Outcome.PUBLISHED);
        assertThat(namespace.rows("orders")).isEqualTo(before);
    }

    @Test
    void doesNotCreateACatalogWhereSomebodyKnowsAnother() {
        namespace.serve("orders", 5, 1, List.of(5L), List.of());

        assertThatThrownBy(() -> namespace.publish("orders", before))
                .isInstanceOfSatisfying(PublisherException.class, e -> {
                    assertThat(e.category()).isEqualTo(Category.UNAVAILABLE);
                    assertThat(e.code()).isEqualTo("CATALOG_LOST");
                });
        assertThat(namespace.catalog().read()).isEmpty();
    }
}
