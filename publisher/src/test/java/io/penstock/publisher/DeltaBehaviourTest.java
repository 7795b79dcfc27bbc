package io.penstock.publisher;

import static io.penstock.publisher.testing.TestNamespace.START;
import static io.penstock.publisher.testing.TestNamespace.items;
import static io.penstock.publisher.testing.TestNamespace.publication;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.guardrail.Guardrails;
import io.penstock.publisher.testing.TestContracts;
import io.penstock.publisher.testing.TestNamespace;
import io.penstock.publisher.testing.TestRows;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Mode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaBehaviourTest {
    private static final Instant LATER = START.plusSeconds(3_600);
    private static final Guardrails ANY_SIZE = Guardrails.DEFAULTS.toBuilder()
            .rowsMin(0)
            .rowCountDropMax(1)
            .rowCountGrowthMax(1e9)
            .build();

    private final TestNamespace namespace = new TestNamespace();

    private static Publication delta(TestRows rows) {
        return publication(TestContracts.of("orders"), rows)
                .mode(Mode.MODE_DELTA)
                .guardrails(ANY_SIZE)
                .build();
    }

    private static TestRows rows(Map<String, String> values, Map<String, RowOperation> operations) {
        return TestRows.of(values)
                .marked(key -> new RowMark(operations.getOrDefault(key, RowOperation.UPSERT), RowMark.NEVER))
                .asOf(LATER)
                .since(new DeltaBase(START));
    }

    private void publishSnapshot(Map<String, String> rows) {
        namespace.publish(
                publication(TestContracts.of("orders"), TestRows.of(rows).asOf(START))
                        .guardrails(ANY_SIZE)
                        .build());
    }

    @Test
    void addsReplacesAndRemovesRows() {
        publishSnapshot(items(1_000, 100));

        Manifest manifest = namespace
                .publish(delta(rows(
                        Map.of("key-1", "other", "new", "row", "key-2", "", "never-there", ""),
                        Map.of(
                                "new", RowOperation.INSERT,
                                "key-2", RowOperation.DELETE,
                                "never-there", RowOperation.DELETE))))
                .manifest();

        Map<String, String> expected = items(1_000, 100);
        expected.put("key-1", "other");
        expected.put("new", "row");
        expected.remove("key-2");
        assertThat(namespace.rows("orders")).isEqualTo(expected);
        assertThat(manifest.getMode()).isEqualTo(Mode.MODE_DELTA);
        assertThat(manifest.getRowsAdded()).isEqualTo(1);
        assertThat(manifest.getRowsUpdated()).isEqualTo(1);
        assertThat(manifest.getRowsRemoved()).isEqualTo(1);
        assertThat(manifest.getBase().getSeconds()).isEqualTo(START.getEpochSecond());
        namespace.assertNothingLeftBehind();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void isTheParentWithTheOperationsAppliedToIt(int seed) {
        Random random = new Random(seed);
        Map<String, String> expected = new TreeMap<>(items(random.nextInt(2_000), random.nextInt(300)));
        publishSnapshot(expected);
        Instant base = START;
        for (int round = 0; round < 6; round++) {
            Map<String, String> values = new HashMap<>();
            Map<String, RowOperation> operations = new HashMap<>();
            int count = 1 + random.nextInt(round == 2 ? 8_000 : 600);
            for (int i = 0; i < count; i++) {
                String key = "key-" + random.nextInt(4_000);
                boolean delete = random.nextInt(3) == 0;
                values.put(key, delete ? "" : "x".repeat(random.nextInt(500)) + random.nextInt(3));
                operations.put(
                        key,
                        delete
                                ? RowOperation.DELETE
                                : expected.containsKey(key) ? RowOperation.UPSERT : RowOperation.INSERT);
            }
            Instant next = base.plusSeconds(60);
            namespace.publish(
                    delta(rows(values, operations).since(new DeltaBase(base)).asOf(next)));
            base = next;
            values.forEach((key, value) -> {
                if (operations.get(key) == RowOperation.DELETE) {
                    expected.remove(key);
                } else {
                    expected.put(key, value);
                }
            });
            assertThat(namespace.rows("orders")).isEqualTo(expected);
        }
        namespace.assertNothingLeftBehind();
    }

    @Test
    void leavesNoBlobOfABucketThatBecomesEmpty() {
        publishSnapshot(items(20, 2_000)); // a row a bucket

        Manifest manifest = namespace
                .publish(delta(rows(
                        Map.of("key-1", "", "key-2", ""),
                        Map.of("key-1", RowOperation.DELETE, "key-2", RowOperation.DELETE))))
                .manifest();

        assertThat(manifest.getRows()).isEqualTo(18);
        assertThat(manifest.getBuckets()).isLessThanOrEqualTo(18);
        assertThat(namespace.rows("orders")).hasSize(18).doesNotContainKeys("key-1", "key-2");
    }

    @Test
    void canRemoveEveryRow() {
        publishSnapshot(items(2, 10));

        Manifest manifest = namespace
                .publish(delta(rows(
                        Map.of("key-0", "", "key-1", ""),
                        Map.of("key-0", RowOperation.DELETE, "key-1", RowOperation.DELETE))))
                .manifest();

        assertThat(manifest.getRows()).isZero();
        assertThat(manifest.getBuckets()).isZero();
        assertThat(manifest.getChunkGenerationsList()).containsExactly(0L);
        assertThat(namespace.rows("orders")).isEmpty();
    }

    @Test
    void refusesABaseThatIsNotWhatTheParentEndsWith() {
        publishSnapshot(items(10, 10));

        assertThatThrownBy(() -> namespace.publish(
                        delta(rows(Map.of("key-1", "x"), Map.of()).since(new DeltaBase(START.minusSeconds(1))))))
                .isInstanceOfSatisfying(PublisherException.class, e -> {
                    assertThat(e.category()).isEqualTo(Category.REFUSED);
                    assertThat(e.code()).isEqualTo("BASE_MISMATCH");
                })
                .hasMessage(
                        "tests/orders.v1: not published: the delta's base is 2026-02-28T23:59:59Z, but version 1, which"
                                + " is current, has the data_as_of 2026-03-01T00:00:00Z (expected: the same)");
        assertThatThrownBy(() -> namespace.publish(
                        delta(rows(Map.of("key-1", "x"), Map.of()).since(DeltaBase.NONE))))
                .hasMessageContaining("the delta's base is none, but version 1");
        assertThatThrownBy(() -> namespace.publish(
                        delta(TestRows.of(Map.of("key-1", "x")).asOf(LATER))))
                .isInstanceOfSatisfying(
                        PublisherException.class, e -> assertThat(e.category()).isEqualTo(Category.USAGE))
                .hasMessageContaining("the source says no base");
        namespace.assertNothingLeftBehind();
    }

    @Test
    void isTheFirstPublicationOnlyIfItsBaseIsNone() {
        TestRows rows = rows(Map.of("a", "1", "b", "2", "c", ""), Map.of("c", RowOperation.DELETE));

        assertThatThrownBy(() -> namespace.publish(delta(rows)))
                .hasMessage("tests/orders.v1: not published: the delta's base is 2026-03-01T00:00:00Z, but nothing was"
                        + " published yet (expected: none, or a snapshot before it)");
        Manifest manifest = namespace.publish(delta(rows.since(DeltaBase.NONE))).manifest();

        assertThat(namespace.rows("orders")).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(manifest.hasBase()).isFalse();
        assertThat(manifest.getRowsAdded()).isEqualTo(2);
    }

    @Test
    void canBeRunAgainAsLongAsItIsTheSame() {
        publishSnapshot(items(10, 10));
        Map<String, RowOperation> operations = Map.of("new", RowOperation.INSERT, "key-2", RowOperation.DELETE);
        Publication delta = delta(rows(Map.of("new", "row", "key-2", ""), operations));
        namespace.publish(delta);

        assertThat(namespace.publish(delta).outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThatThrownBy(() -> namespace.publish(delta(rows(Map.of("new", "row", "key-2", "back"), Map.of()))))
                .hasMessageContaining("so it was applied already, but its rows are not the same any more");
        assertThat(namespace.rows("orders")).hasSize(10).doesNotContainKey("key-2");
    }

    @Test
    void refusesAnInsertOfAKeyThatIsThere() {
        publishSnapshot(items(10, 10));

        assertThatThrownBy(() ->
                        namespace.publish(delta(rows(Map.of("key-3", "other"), Map.of("key-3", RowOperation.INSERT)))))
                .isInstanceOfSatisfying(
                        PublisherException.class, e -> assertThat(e.code()).isEqualTo("INSERT_OF_PRESENT"))
                .hasMessage("tests/orders.v1: row 1: insert, but the version before has the key with another value; say"
                        + " upsert if that is meant, or publish a delta that follows that version");
    }

    @Test
    void looksForCanariesAmongTheRowsThatStayToo() {
        Guardrails canary =
                ANY_SIZE.toBuilder().canary("a", Map.of("name", "Ada")).build();
        publishSnapshot(Map.of("a", message("a", "Ada"), "b", message("b", "Bea")));

        namespace.publish(publication(TestContracts.of("orders"), rows(Map.of("b", message("b", "Bob")), Map.of()))
                .mode(Mode.MODE_DELTA)
                .guardrails(canary)
                .build());
        assertThatThrownBy(() -> namespace.publish(publication(
                                TestContracts.of("orders"),
                                rows(Map.of("a", ""), Map.of("a", RowOperation.DELETE))
                                        .since(new DeltaBase(LATER))
                                        .asOf(LATER.plusSeconds(60)))
                        .mode(Mode.MODE_DELTA)
                        .guardrails(canary)
                        .build()))
                .hasMessageContaining("canary-keys: canary 1 is not there (of 1)");
    }

    /** A row of the contract as it is serialized; short texts only. */
    private static String message(String id, String name) {
        return "\n" + (char) id.length() + id + "\u0012" + (char) name.length() + name;
    }

    @Test
    void refusesTwoOperationsOnOneKey() {
        publishSnapshot(items(10, 10));
        TestRows twice = TestRows.of(List.of(Map.entry("key-1", ""), Map.entry("key-1", "back")))
                .since(new DeltaBase(START))
                .asOf(LATER);

        assertThatThrownBy(() -> namespace.publish(delta(twice)))
                .hasMessageContaining("rows 1 and 2 have the same key;");
    }
}
