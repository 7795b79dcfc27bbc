package io.penstock.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.store.memory.MemoryStore;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.Fault;
import io.penstock.store.testkit.FaultyStore;
import io.penstock.store.testkit.Operation;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoreWatchBehaviourTest {
    private final FaultyStore store = FaultyStore.wrap(new MemoryStore());
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final StoreWatch watch = new StoreWatch(store);

    @BeforeEach
    void start() {
        watch.start(thread, Duration.ofMillis(1));
    }

    @AfterEach
    void end() {
        thread.shutdownNow();
        store.close();
    }

    @Test
    void saysThatAStoreBecameUnsafeAndThatItIsSafeAgain() {
        assertThat(watch.isUnsafe()).isFalse();
        store.faults().always(Fault.UNSAFE, Operation.HEALTH);
        Await.until("unsafe", watch::isUnsafe);
        store.faults().stop();
        Await.until("safe again", () -> !watch.isUnsafe());
    }

    @Test
    void keepsWhatItKnowsWhileTheStoreDoesNotAnswer() {
        store.faults().always(Fault.UNSAFE, Operation.HEALTH);
        Await.until("unsafe", watch::isUnsafe);
        store.faults().always(Fault.UNREACHABLE, Operation.HEALTH);
        long checks = store.faults().count(Operation.HEALTH);
        Await.until("some more checks", () -> store.faults().count(Operation.HEALTH) > checks + 3);
        assertThat(watch.isUnsafe()).isTrue();
    }
}
