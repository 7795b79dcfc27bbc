package io.penstock.serving.adoption;

import io.penstock.serving.testing.ManualScheduler;
import io.penstock.serving.testing.StoredVersions;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.HotRows;
import io.penstock.serving.view.ServingView;
import io.penstock.storage.v1.HeldDataset;
import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.catalog.WriteId;
import io.penstock.store.memory.MemoryStore;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.Faults;
import io.penstock.store.testkit.FaultyStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A server's view over a memory store, on time that the test moves, and a publisher that sees no faults. */
final class ViewFixture implements AutoCloseable {
    static final String NAMESPACE = "default";

    final ManualScheduler time = new ManualScheduler();
    final MemoryStore memory = new MemoryStore(time::nanoTime);
    final Faults faults = new Faults();
    final ReplaceableStore store = new ReplaceableStore(memory);
    final List<ServingView> seen = new ArrayList<>();
    final RecordedHotRows hotRows = new RecordedHotRows();
    private @Nullable StoredVersions versions;
    private @Nullable ServingViews views;

    /** Prefetches that end when the test says so. */
    static final class RecordedHotRows implements HotRows {
        final List<String> asked = new ArrayList<>();
        Runnable before = () -> {};
        CompletionStage<Void> answer = CompletableFuture.completedFuture(null);

        @Override
        public CompletionStage<Void> prefetch(DatasetView before, DatasetView after, long deadlineNanos) {
            this.before.run();
            asked.add(before.number() + " to " + after.number());
            return answer;
        }
    }

    /** The publisher; the catalog exists from now on. */
    StoredVersions publisher() {
        if (versions == null) {
            versions = StoredVersions.in(memory, NAMESPACE);
        }
        return versions;
    }

    ServingViews start() {
        return start(ViewConfig.of(List.of(NAMESPACE)));
    }

    ServingViews start(ViewConfig config) {
        views = ServingViews.start(
                config, FaultyStore.wrap(store, faults), "127.0.0.1:7070", hotRows, time, time, time::nanoTime);
        var unused = views.holder().listen(seen::add);
        time.run();
        return views;
    }

    ServingViews views() {
        return Objects.requireNonNull(views);
    }

    ServingView view() {
        return views().holder().current();
    }

    DatasetStatus status(String dataset) {
        return Objects.requireNonNull(view().find(dataset), dataset);
    }

    DatasetView served(String dataset) {
        return Objects.requireNonNull(status(dataset).served(), dataset);
    }

    long servedNumber(String dataset) {
        DatasetView served = status(dataset).served();
        return served == null ? 0 : served.number();
    }

    Optional<PresenceRecord> presence() {
        return Await.stage(memory.presence(NAMESPACE).list()).stream().findFirst();
    }

    HeldDataset held(String dataset) {
        return presence().orElseThrow().getServer().getDatasetsList().stream()
                .filter(each -> each.getDataset().equals(dataset))
                .findFirst()
                .orElseThrow();
    }

    /** The catalog's stored value. */
    byte[] catalogValue() {
        return Await.stage(memory.catalog(NAMESPACE).read()).orElseThrow();
    }

    /** Puts any value in the catalog's place, as a failover or a fault would. */
    void putCatalogValue(byte[] value) {
        WriteId present = WriteId.of(ByteBuffer.wrap(catalogValue()));
        var unused = Await.stage(memory.catalog(NAMESPACE).compareAndSet(present, value));
    }

    @Override
    public void close() {
        if (views != null) {
            faults.stop();
            views.close();
            time.run();
        }
        if (versions != null) {
            versions.close();
        }
        time.shutdown();
        memory.close();
    }
}
