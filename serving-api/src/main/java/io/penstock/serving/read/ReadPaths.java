package io.penstock.serving.read;

import io.penstock.serving.read.cache.NearCache;
import io.penstock.serving.view.HotRows;
import io.penstock.store.EventLoopHandle;
import io.penstock.store.Store;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/** Opens a {@link ReadPath} for each event loop, with the near cache they share. Thread-safe. */
public final class ReadPaths {
    final ReadSources sources;
    final ReadLimits limits;
    final NearCache cache;
    final ReadFailures failures;
    final ReadMetrics metrics;
    final LongSupplier nanoClock;
    final InstantSource clock;

    private final Store store;
    private final List<LoopReadPath> open = new CopyOnWriteArrayList<>();

    public ReadPaths(Store store, ReadSources sources, ReadLimits limits, NearCache cache, ReadMetrics metrics) {
        this(store, sources, limits, cache, metrics, System::nanoTime, InstantSource.system());
    }

    /**
     * @param nanoClock monotonic; deadlines are measured by it
     * @param clock the time of day; expiry and {@code max_age} are measured by it
     */
    public ReadPaths(
            Store store,
            ReadSources sources,
            ReadLimits limits,
            NearCache cache,
            ReadMetrics metrics,
            LongSupplier nanoClock,
            InstantSource clock) {
        this.store = store;
        this.sources = sources;
        this.limits = limits;
        this.cache = cache;
        this.failures = new ReadFailures(limits);
        this.metrics = metrics;
        this.nanoClock = nanoClock;
        this.clock = clock;
    }

    /** Opens the read path of a loop, with a blob reader of its own. The caller closes it on the loop. */
    public ReadPath open(EventLoopHandle loop, LoopTimer timer) {
        Loop parts = new Loop(this, loop, timer, store.openReader(loop));
        LoopReadPath path = new LoopReadPath(parts, () -> open.removeIf(each -> each.loop() == parts));
        open.add(path);
        return path;
    }

    /** The near cache as adoption sees it. It fetches through the loops that are open. */
    public HotRows hotRows() {
        return new CachedHotRows(this);
    }

    /** The failures every loop answers with, for transports that refuse by themselves. */
    public ReadFailures failures() {
        return failures;
    }

    /** The fewest fetches an event loop may have at present; {@code limits.pending_fetches} while the store is quick. */
    public int fetchLimit() {
        int least = limits.pendingFetches();
        for (LoopReadPath path : open) {
            least = Math.min(least, path.loop().fetches.limit().fetches());
        }
        return least;
    }

    List<LoopReadPath> open() {
        return open;
    }
}
