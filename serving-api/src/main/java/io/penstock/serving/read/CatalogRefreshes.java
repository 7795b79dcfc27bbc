package io.penstock.serving.read;

import io.penstock.serving.view.CatalogChecks;
import io.penstock.store.EventLoopHandle;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The catalog reads that calls of one loop wait for: one at a time for a namespace, however many want it. Who comes while
 * one is under way waits for the next, for what it has seen may be newer than what that one reads. Confined to its loop.
 */
final class CatalogRefreshes {
    private final EventLoopHandle loop;
    private final CatalogChecks checks;
    private final BucketFetches fetches;
    private final Map<String, Rounds> underWay = new HashMap<>();

    CatalogRefreshes(EventLoopHandle loop, CatalogChecks checks, BucketFetches fetches) {
        this.loop = loop;
        this.checks = checks;
        this.fetches = fetches;
    }

    /** A call that has seen a later revision than the view has. */
    interface Waiting {
        /** The catalog was read, and what it says adopted if that was possible. It waits no longer. */
        void refreshed();
    }

    /** Who waits for the read that is under way, and who for the one after it. */
    private static final class Rounds {
        private Set<Waiting> present = new LinkedHashSet<>();
        private Set<Waiting> next = new LinkedHashSet<>();
    }

    /** Lets a call wait for a catalog read that starts after this. It counts as one who waits until then. */
    void join(String namespace, Waiting call) {
        fetches.waiting(1);
        Rounds present = underWay.get(namespace);
        if (present != null) {
            present.next.add(call);
            return;
        }
        Rounds rounds = new Rounds();
        rounds.next.add(call);
        underWay.put(namespace, rounds);
        start(namespace, rounds);
    }

    /** Lets a call go that needs no answer any more; the read goes on. */
    void leave(String namespace, Waiting call) {
        Rounds rounds = underWay.get(namespace);
        if (rounds != null && (rounds.present.remove(call) || rounds.next.remove(call))) {
            fetches.waiting(-1);
        }
    }

    private void start(String namespace, Rounds rounds) {
        rounds.present = rounds.next;
        rounds.next = new LinkedHashSet<>();
        checks.refresh(namespace).thenRun(() -> loop.executor().execute(() -> ended(namespace, rounds)));
    }

    private void ended(String namespace, Rounds rounds) {
        Set<Waiting> done = rounds.present;
        if (rounds.next.isEmpty()) {
            underWay.remove(namespace);
            rounds.present = new LinkedHashSet<>();
        } else {
            start(namespace, rounds);
        }
        fetches.waiting(-done.size());
        for (Waiting call : done) {
            call.refreshed();
        }
    }
}
