package io.penstock.publisher.collect;

import static io.penstock.publisher.testing.TestNamespace.SWEEP_NOW;
import static io.penstock.publisher.testing.TestNamespace.items;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.publisher.PublicationObserver;
import io.penstock.publisher.Step;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.publisher.testing.TestContracts;
import io.penstock.publisher.testing.TestNamespace;
import io.penstock.publisher.testing.TestRows;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CollectorBehaviourTest {
    private static final GcOptions PATIENT = SWEEP_NOW.withSweepNow(false).withAbandonSilent(false);

    private final TestNamespace namespace = new TestNamespace();

    private void publish(Map<String, String> rows, int retention) {
        namespace.publish(TestNamespace.publication(TestContracts.of("orders"), TestRows.of(rows))
                .retention(retention)
                .build());
    }

    @Test
    void keepsTheCurrentVersionAndTwoBeforeIt() {
        for (int i = 1; i <= 6; i++) {
            publish(items(500, i), 3);
            namespace.clock.advance(Duration.ofHours(1));
        }
        namespace.collect(PATIENT);

        assertThat(namespace.entry("orders").getVersionsList())
                .extracting(VersionEntry::getNumber)
                .containsExactly(4L, 5L, 6L);
        namespace.assertNothingLeftBehind();
    }

    @Test
    void sparesARetiringVersionWithinItsGrace() {
        publish(items(500, 1), 1);
        publish(items(500, 2), 1);
        GcOptions options = PATIENT.withGrace(Duration.ofMinutes(1));

        namespace.clock.advance(Duration.ofSeconds(59));
        assertThat(namespace.collect(options).collected()).isEmpty();
        namespace.clock.advance(Duration.ofSeconds(1));
        assertThat(namespace.collect(options).collected()).containsExactly(new GcReport.Version("orders.v1", 1));
    }

    @Test
    void sparesAndNamesWhatAServerHolds() {
        publish(items(500, 1), 1);
        long first = namespace.entry("orders").getCurrent();
        publish(items(500, 2), 1);
        namespace.serve("orders", first, 1, List.of(first), List.of());

        GcReport blocked = namespace.collect(SWEEP_NOW);
        assertThat(blocked.collected()).isEmpty();
        assertThat(blocked.blocked())
                .containsExactly(new GcReport.Blocked(
                        "orders.v1", 1, "server 127.0.0.1:7070 (server@host/1)", TestNamespace.START));
        assertThat(namespace.reader("orders").rows(first)).isEqualTo(items(500, 1));

        namespace.stopServing();
        assertThat(namespace.collect(SWEEP_NOW).collected()).hasSize(1);
        namespace.assertNothingLeftBehind();
    }

    @Test
    void aWallClockThatJumpsDeletesNothingThatAServerHolds() {
        publish(items(500, 1), 1);
        long first = namespace.entry("orders").getCurrent();
        publish(items(500, 2), 1);
        namespace.serve("orders", first, 1, List.of(first), List.of());
        GcOptions options = PATIENT.withGrace(Duration.ofMinutes(30));

        namespace.clock.advance(Duration.ofHours(1));
        assertThat(namespace.collect(options).collected()).as("held").isEmpty();
        assertThat(namespace.reader("orders").rows(first)).isEqualTo(items(500, 1));

        namespace.stopServing();
        namespace.clock.advance(Duration.ofHours(-2));
        assertThat(namespace.collect(options).collected())
                .as("retired in the future")
                .isEmpty();
        namespace.clock.advance(Duration.ofHours(2));
        assertThat(namespace.collect(options).collected()).hasSize(1);
    }

    @Test
    void twoCollectorsMayRunAtOnce() {
        for (int i = 1; i <= 4; i++) {
            publish(items(2_000, i), 1);
        }
        AtomicBoolean nested = new AtomicBoolean();
        PublicationObserver other = (step, detail) -> {
            if (step == Step.BLOBS_DELETED && nested.compareAndSet(false, true)) {
                CompletableFuture.runAsync(() -> namespace.collect(SWEEP_NOW)).join();
            }
        };
        new Collector(namespace.memory, TestNamespace.NAME, namespace.clock, new Random(3), other).collect(SWEEP_NOW);

        assertThat(nested).isTrue();
        assertThat(namespace.rows("orders")).isEqualTo(items(2_000, 4));
        namespace.assertNothingLeftBehind();
    }

    @Test
    void aFullScanDeletesWhatNobodyKnowsAndNothingElse() {
        TreeMap<String, String> rows = new TreeMap<>(items(2_000, 100));
        publish(rows, 1);
        rows.put("key-1", "changed");
        publish(rows, 1);
        namespace.collect(SWEEP_NOW);
        BlobAddress stray = BlobAddress.bucket(TestNamespace.dataset("orders"), 0xabcL, 7);
        BlobAddress strayElsewhere = BlobAddress.intent(TestNamespace.dataset("gone"), 0xdefL, 0);
        try (BlobWriter blobs = namespace.memory.openWriter()) {
            blobs.put(List.of(Blob.of(stray, new byte[] {1}), Blob.of(strayElsewhere, new byte[] {1})))
                    .toCompletableFuture()
                    .join();
        }

        namespace.collect(SWEEP_NOW);
        assertThat(namespace.blobs()).contains(stray, strayElsewhere);
        namespace.collect(SWEEP_NOW.withFull(true));

        assertThat(namespace.rows("orders")).isEqualTo(rows);
        assertThat(namespace.blobs()).isEqualTo(namespace.namedBlobs());
    }

    @Test
    void aFullScanFindsOrphansBehindMoreNamedBlobsThanAPassHolds() {
        TreeMap<String, String> rows = new TreeMap<>(items(2_000, 100));
        publish(rows, 1);
        rows.put("key-1", "changed");
        publish(rows, 1);
        long current = namespace.entry("orders").getCurrent();
        Set<BlobAddress> strays = new HashSet<>();
        for (int bucket = 0; bucket < 10; bucket++) {
            strays.add(BlobAddress.bucket(TestNamespace.dataset("orders"), 0xfff_ffffL, bucket));
        }
        try (BlobWriter blobs = namespace.memory.openWriter()) {
            blobs.put(strays.stream()
                            .map(stray -> Blob.of(stray, new byte[] {1}))
                            .toList())
                    .toCompletableFuture()
                    .join();
            Manifest manifest = Objects.requireNonNull(new StoredBlobs(blobs, TestNamespace.dataset("orders"))
                    .manifest(current)
                    .value());
            FullScan scan = FullScan.list(blobs, TestNamespace.NAME, 3);
            scan.sweep(
                    scan.unknown(Set.of(new FullScan.Generation("orders.v1", current))),
                    Map.of("orders.v1", List.of(manifest)),
                    new Deletions(blobs, PublicationObserver.NONE));
        }

        assertThat(namespace.blobs()).doesNotContainAnyElementsOf(strays);
        assertThat(namespace.rows("orders")).isEqualTo(rows);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void neverDeletesWhatAListedVersionNames(long seed) throws Exception {
        Random random = new Random(seed);
        TreeMap<String, String> rows = new TreeMap<>(items(1_000, 100));
        Map<Long, Map<String, String>> published = new TreeMap<>();
        for (int round = 0; round < 12; round++) {
            for (int i = 0; i < random.nextInt(60); i++) {
                rows.put("key-" + random.nextInt(1_200), "value-" + random.nextInt());
            }
            publish(rows, 1 + random.nextInt(4));
            published.put(namespace.entry("orders").getCurrent(), new TreeMap<>(rows));
            namespace.clock.advance(Duration.ofMinutes(random.nextInt(3)));
            namespace.collect(PATIENT);
            for (VersionEntry version : namespace.entry("orders").getVersionsList()) {
                if (version.getState() != VersionEntry.State.STATE_RETIRING) {
                    assertThat(namespace.reader("orders").rows(version.getGeneration()))
                            .isEqualTo(published.get(version.getGeneration()));
                }
            }
        }
        namespace.assertNothingLeftBehind();
    }
}
