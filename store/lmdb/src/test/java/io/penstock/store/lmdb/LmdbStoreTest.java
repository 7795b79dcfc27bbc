package io.penstock.store.lmdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.store.Store;
import io.penstock.store.StoreUrl;
import io.penstock.store.presence.PresenceCodec;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.StoreConformanceTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;

class LmdbStoreTest extends StoreConformanceTest {
    @TempDir
    private Path directory;

    private final AtomicLong nanoTime = new AtomicLong();

    @Override
    public Store open() {
        return LmdbStore.open(LmdbConfig.of(StoreUrl.parse(url())), true, nanoTime::get);
    }

    @Override
    public String url() {
        return "lmdb:" + directory.resolve("store");
    }

    /** The temporary directory goes by itself. */
    @Override
    protected void destroy() {}

    @Override
    public void damagePresence(String namespace, String id) {
        byte[] key = KeyNames.ascii(PresenceCodec.keyName(namespace, id));
        LmdbStore store = (LmdbStore) store();
        byte[] value =
                Objects.requireNonNull(Await.stage(store.read(snapshot -> Objects.requireNonNull(snapshot.copy(key)))));
        value[20] ^= 1;
        Boolean done = Await.stage(store.writeUrgently(new Write<Boolean>() {
            @Override
            boolean step(WriteTransaction transaction) {
                transaction.put(key, value);
                return true;
            }

            @Override
            Boolean value() {
                return true;
            }
        }));
        assertThat(done).isTrue();
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
