package io.penstock.store.memory;

import io.penstock.store.Store;
import io.penstock.store.testkit.StoreConformanceTest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

class MemoryStoreTest extends StoreConformanceTest {
    private final AtomicLong nanoTime = new AtomicLong();
    private final MemoryStore first = new MemoryStore(nanoTime::get);

    @Override
    public Store open() {
        return first.reopen();
    }

    @Override
    public String url() {
        return "memory:";
    }

    @Override
    protected void destroy() {
        first.close();
    }

    @Override
    public void damagePresence(String namespace, String id) {
        first.damagePresence(namespace, id);
    }

    @Override
    public void passTime(Duration duration) {
        nanoTime.addAndGet(duration.toNanos());
    }

    @Override
    public boolean refusesRewrites() {
        return true;
    }
}
