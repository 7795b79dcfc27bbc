package io.penstock.it;

import io.penstock.publisher.Publication;
import io.penstock.publisher.PublicationObserver;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.Step;
import io.penstock.storage.v1.Mode;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import java.util.concurrent.CountDownLatch;

/**
 * A publisher in a process of its own, to be killed. It says {@code AT <step>} on standard output and, at the named step,
 * stops there for ever while its heartbeat goes on.
 *
 * <p>Arguments: store URL, state of the data, step to stop at or {@code -}, and {@code upsert} if only what changed is
 * to be published.
 */
final class KillablePublisher {
    static final String NAMESPACE = "kill";
    static final TestData DATA = new TestData("killed", 20_000, 30, 100);

    private KillablePublisher() {}

    public static void main(String[] args) throws Exception {
        long state = Long.parseLong(args[1]);
        String stopAt = args[2];
        CountDownLatch never = new CountDownLatch(1);
        PublicationObserver observer = (step, detail) -> {
            System.out.println("AT " + step);
            if (step.name().equals(stopAt)) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
        try (Store store = Stores.open(args[0], true);
                Publisher publisher = PublisherKillIT.publisher(store, observer)) {
            publisher.publish(args.length > 3 ? upsert(state) : publication(state));
        }
        System.out.println("DONE " + Step.values().length);
    }

    static Publication upsert(long state) {
        return Publication.builder(NAMESPACE, DATA.contract(), DATA.changes(state))
                .mode(Mode.MODE_UPSERT)
                .retention(1)
                .build();
    }

    static Publication publication(long state) {
        return Publication.builder(NAMESPACE, DATA.contract(), DATA.source(state))
                .retention(1)
                .build();
    }
}
