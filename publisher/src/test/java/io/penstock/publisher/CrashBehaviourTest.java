package io.penstock.publisher;

import static io.penstock.publisher.testing.TestNamespace.items;
import static io.penstock.publisher.testing.TestNamespace.publication;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.publisher.testing.TestContracts;
import io.penstock.publisher.testing.TestNamespace;
import io.penstock.publisher.testing.TestRows;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A publisher that dies at a step leaves the old version or the new one, whole. */
class CrashBehaviourTest {
    private final TestNamespace namespace = new TestNamespace();
    private final Map<String, String> before = items(3_000, 200);
    private final Map<String, String> after = changed(before);

    /** Takes the place of a kill: nothing that runs on an exception may run on it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed");
        }
    }

    private static Map<String, String> changed(Map<String, String> rows) {
        Map<String, String> changed = new TreeMap<>(rows);
        for (int i = 0; i < 300; i++) {
            changed.put("key-" + i, "changed-" + i);
        }
        for (int i = 300; i < 400; i++) {
            changed.remove("key-" + i);
        }
        return changed;
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void leavesOneWholeVersionWhenKilledAtAStep(Step step) {
        namespace.publish("orders", items(3_000, 10));
        namespace.publish(keepingOne(before));
        namespace.clock.advance(Duration.ofMinutes(1)); // so that the first version can be collected
        boolean killed = killAt(step, 1);

        assertThat(namespace.rows("orders")).isIn(before, after);
        assertThat(killed).as("reached %s", step).isEqualTo(step != Step.SLOT_WATCHED);

        PublicationReport next = namespace.publish(keepingOne(after));

        assertThat(next.outcome()).isIn(Outcome.PUBLISHED, Outcome.UNCHANGED);
        assertThat(namespace.rows("orders")).isEqualTo(after);
        namespace.assertNothingLeftBehind();
        assertThat(namespace.rows("orders")).isEqualTo(after);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void leavesOneWholeVersionWhenKilledAtRandomMoments(long seed) {
        Random random = new Random(seed);
        namespace.publish("orders", before);
        Map<String, String> served = before;
        for (int round = 0; round < 3; round++) {
            Map<String, String> rows = new TreeMap<>(served);
            for (int i = 0; i < 200; i++) {
                rows.put("key-" + random.nextInt(3_000), "value-" + random.nextInt());
            }
            killAt(rows, null, 1 + random.nextInt(40));
            Map<String, String> now = namespace.rows("orders");
            assertThat(now).isIn(served, rows);
            served = now;
        }
        namespace.publish("orders", after);
        assertThat(namespace.rows("orders")).isEqualTo(after);
        namespace.assertNothingLeftBehind();
    }

    @Test
    void reachesAtLeastTwentyStepsInOnePublication() {
        namespace.publish("orders", before);
        Map<Step, Integer> reached = new EnumMap<>(Step.class);
        namespace.publish(publication("orders", after), (step, detail) -> reached.merge(step, 1, Integer::sum));
        assertThat(reached).hasSizeGreaterThanOrEqualTo(20);
    }

    @Test
    void sweepsWhatAKilledFirstPublicationLeft() {
        killAt(Step.CHUNK_WRITTEN, 1);
        assertThat(namespace.blobs()).isNotEmpty();

        namespace.collect(TestNamespace.SWEEP_NOW);

        assertThat(namespace.blobs()).isEmpty();
        assertThat(namespace.entry("orders").hasSlot()).isFalse();
        assertThat(namespace.entry("orders").getAbandonedList()).isEmpty();
    }

    @Test
    void givesItsSlotUpWhenItFails() {
        namespace.publish("orders", before);
        for (Step step : List.of(Step.SLOT_TAKEN, Step.BUCKETS_SENT, Step.MANIFEST_WRITTEN)) {
            assertThatThrownBy(() -> namespace.publish(publication("orders", after), (reached, detail) -> {
                        if (reached == step) {
                            throw new IllegalStateException("no more");
                        }
                    }))
                    .isInstanceOfSatisfying(
                            PublisherException.class,
                            e -> assertThat(e.category()).isEqualTo(PublisherException.Category.INTERNAL));
            assertThat(namespace.entry("orders").hasSlot()).isFalse();
        }
        assertThat(namespace.entry("orders").getAbandonedCount()).isEqualTo(2); // the first had written nothing
        namespace.assertNothingLeftBehind();
    }

    private static Publication keepingOne(Map<String, String> rows) {
        return publication(TestContracts.of("orders"), TestRows.of(rows))
                .retention(1)
                .build();
    }

    private boolean killAt(Step step, int occurrence) {
        return killAt(after, step, occurrence);
    }

    /** Publishes and dies at the n-th time a step, or any step if it is null, is reached; false if it never was. */
    private boolean killAt(Map<String, String> rows, @Nullable Step step, int occurrence) {
        AtomicInteger count = new AtomicInteger();
        try {
            namespace.publish(keepingOne(rows), (reached, detail) -> {
                if ((step == null || reached == step) && count.incrementAndGet() == occurrence) {
                    throw new Killed();
                }
            });
            return false;
        } catch (Killed e) {
            return true;
        }
    }
}
