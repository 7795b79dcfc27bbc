package io.penstock.publisher.compare;

import static io.penstock.publisher.testing.TestNamespace.OPTIONS;
import static io.penstock.publisher.testing.TestNamespace.dataset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.publisher.Publication;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.admin.CatalogAdmin;
import io.penstock.publisher.compare.RowMoment.Change;
import io.penstock.publisher.guardrail.Guardrails;
import io.penstock.publisher.testing.TestContracts;
import io.penstock.publisher.testing.TestNamespace;
import io.penstock.publisher.testing.TestRows;
import io.penstock.storage.v1.Row;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Comparisons and histories against a model that keeps every version's rows in the heap. */
class ComparisonBehaviourTest {
    private final TestNamespace namespace = new TestNamespace();
    private final Map<Long, Map<String, String>> versions = new TreeMap<>();
    /** The numbers that were current, in order. */
    private final List<Long> moves = new ArrayList<>();

    private void publish(Map<String, String> rows) {
        Publication publication = TestNamespace.publication(TestContracts.of("items"), TestRows.of(rows))
                .retention(100)
                .guardrails(Guardrails.DEFAULTS.toBuilder()
                        .rowCountGrowthMax(1_000)
                        .rowCountDropMax(1)
                        .build())
                .build();
        long number = namespace.publish(publication).manifest().getNumber();
        versions.put(number, new TreeMap<>(rows));
        moves.add(number);
    }

    /** What was rolled back goes with the next publication. */
    private final Set<Long> gone = new TreeSet<>();

    private void rollback(long number) {
        new CatalogAdmin(namespace.memory, TestNamespace.NAME, "ops", namespace.clock, new Random(7))
                .rollback("items.v1", OptionalLong.of(number), false);
        versions.keySet().stream().filter(each -> each > number).forEach(gone::add);
        moves.add(number);
    }

    private List<Long> kept() {
        return versions.keySet().stream().filter(each -> !gone.contains(each)).toList();
    }

    /** Ten versions: a few rows change each time, then there are ten times as many and the layout is another one. */
    private void publishTenVersions(Random random) {
        Map<String, String> rows = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            rows.put("key-" + i, "value-" + random.nextInt());
        }
        publish(rows);
        for (int version = 2; version <= 10; version++) {
            if (version == 6) {
                for (int i = 500; i < 20_000; i++) {
                    rows.put("key-" + i, "value-" + random.nextInt());
                }
            }
            for (int change = 0; change < 20; change++) {
                String key = "key-" + random.nextInt(600);
                if (random.nextInt(3) == 0) {
                    rows.remove(key);
                } else {
                    rows.put(key, "value-" + random.nextInt());
                }
            }
            publish(rows);
            if (version == 7) {
                rollback(4);
                rows.clear();
                rows.putAll(Objects.requireNonNull(versions.get(4L)));
            }
        }
    }

    private static String kind(@Nullable String before, @Nullable String after) {
        return before == null ? "ADDED" : after == null ? "REMOVED" : "UPDATED";
    }

    @Test
    void findsWhatDiffersBetweenAnyTwoOfTenVersions() {
        publishTenVersions(new Random(5));
        try (Publisher publisher = namespace.publisher().build()) {
            for (long before : kept()) {
                for (long after : kept()) {
                    Map<String, String> expected = new TreeMap<>();
                    Map<String, String> old = Objects.requireNonNull(versions.get(before));
                    Map<String, String> now = Objects.requireNonNull(versions.get(after));
                    TreeSet<String> keys = new TreeSet<>(old.keySet());
                    keys.addAll(now.keySet());
                    for (String key : keys) {
                        if (!Objects.equals(old.get(key), now.get(key))) {
                            expected.put(key, kind(old.get(key), now.get(key)));
                        }
                    }

                    Map<String, String> found = new TreeMap<>();
                    ComparisonReport report = publisher.compare(
                            dataset("items"),
                            before,
                            after,
                            each -> found.put(
                                    each.key().toStringUtf8(), each.kind().name()));

                    assertThat(found).as("from %d to %d", before, after).isEqualTo(expected);
                    assertThat(report.added() + report.updated() + report.removed())
                            .isEqualTo(expected.size());
                    assertThat(report.unchanged()).isEqualTo(now.size() - report.added() - report.updated());
                }
            }
        }
    }

    @Test
    void readsOnlyBucketsThatWereWrittenInBetween() {
        Map<String, String> rows = TestNamespace.items(20_000, 20);
        publish(rows);
        rows.put("key-7", "another");
        publish(rows);

        try (Publisher publisher = namespace.publisher().build()) {
            assertThat(publisher.compare(dataset("items"), 1, 2, each -> {}).bucketsCompared())
                    .isEqualTo(1);
        }
    }

    @Test
    void tellsTheLifeOfEveryRowThroughTenVersionsAndARollback() {
        publishTenVersions(new Random(6));
        try (Publisher publisher = namespace.publisher().build()) {
            for (int i = 0; i < 600; i += 7) {
                String key = "key-" + i;
                List<RowMoment> moments = publisher.history(dataset("items"), key.getBytes(StandardCharsets.UTF_8));

                assertThat(moments).hasSameSizeAs(moves);
                String before = null;
                for (int m = 0; m < moves.size(); m++) {
                    RowMoment moment = moments.get(m);
                    long number = moves.get(m);
                    assertThat(moment.revision()).isEqualTo(m + 1);
                    if (gone.contains(number)) {
                        assertThat(moment.change()).isEqualTo(Change.UNKNOWN);
                        continue;
                    }
                    String now = Objects.requireNonNull(versions.get(number)).get(key);
                    assertThat(moment.number()).isEqualTo(number);
                    assertThat(moment.rollback())
                            .as("revision %d", m + 1)
                            .isEqualTo(moves.subList(0, m).contains(number));
                    Row row = moment.row();
                    assertThat(row == null ? null : row.getValue().toStringUtf8())
                            .isEqualTo(now);
                    boolean afterAGap = m > 0 && gone.contains(moves.get(m - 1));
                    assertThat(moment.change().name()).isEqualTo(afterAGap ? there(now) : change(before, now));
                    before = now;
                }
            }
        }
    }

    private static String there(@Nullable String row) {
        return row == null ? "ABSENT" : "PRESENT";
    }

    private static String change(@Nullable String before, @Nullable String now) {
        return Objects.equals(before, now) ? "UNCHANGED" : kind(before, now);
    }

    @Test
    void saysWhatItCannotKnowOfVersionsThatAreGone() {
        publish(Map.of("a", "1", "b", "1"));
        publish(Map.of("a", "2", "b", "1"));
        publish(Map.of("a", "3", "b", "1"));
        namespace.collect(TestNamespace.SWEEP_NOW.withKeep(1));

        try (Publisher publisher = namespace.publisher().build()) {
            assertThat(publisher.history(dataset("items"), new byte[] {'a'}))
                    .extracting(RowMoment::change)
                    .containsExactly(Change.UNKNOWN, Change.UNKNOWN, Change.PRESENT);
            assertThat(publisher.history(dataset("items"), new byte[] {'z'}))
                    .extracting(RowMoment::change)
                    .containsExactly(Change.UNKNOWN, Change.UNKNOWN, Change.ABSENT);
        }
    }

    @Test
    void aLostBucketIsDataLossAndNoDifference() {
        publish(Map.of("a", "1"));
        publish(Map.of("a", "2"));
        long generation = namespace.entry("items").getCurrent();
        BlobAddress lost = namespace.blobs().stream()
                .filter(address -> address.kind() == BlobKind.BUCKET && address.generation() == generation)
                .findFirst()
                .orElseThrow();
        namespace.delete(lost);

        try (Publisher publisher = namespace.publisher().build()) {
            assertThatThrownBy(() -> publisher.compare(dataset("items"), 1, 2, each -> {}))
                    .isInstanceOfSatisfying(
                            PublisherException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.DATA_LOSS))
                    .hasMessage("tests/items.v1: version 2 cannot be read whole: bucket " + lost.number()
                            + " is MISSING; see 'penstock verify items.v1 --version 2'");
            assertThatThrownBy(() -> publisher.history(dataset("items"), new byte[] {'a'}))
                    .hasMessageContaining("cannot be read whole");
        }
    }

    @Test
    void aVersionThatIsNotThereIsNotFound() {
        publish(Map.of("a", "1"));
        try (Publisher publisher = namespace.publisher().options(OPTIONS).build()) {
            assertThatThrownBy(() -> publisher.compare(dataset("items"), 1, 9, each -> {}))
                    .hasMessage("tests/items.v1: there is no version 9; see 'penstock versions items.v1 --store URL'");
        }
    }
}
