package io.penstock.serving.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.penstock.serving.v1.Dataset;
import io.penstock.serving.v1.WatchDatasetsResponse;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.ViewHolder;
import io.penstock.store.DatasetId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells watchers what changed. A watcher that does not keep up is not queued for: it gets the difference between what it
 * was last told and the present when it can take a message again, so it costs one description a dataset, whatever its
 * speed.
 */
final class Watches {
    private final ViewHolder views;
    private final Descriptions descriptions;
    private final Executor executor;
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

    Watches(ViewHolder views, Descriptions descriptions, Executor executor) {
        this.views = views;
        this.descriptions = descriptions;
        this.executor = executor;
    }

    /** Begins a watch; called before the method that serves it returns. */
    void add(Set<DatasetId> asked, ServerCallStreamObserver<WatchDatasetsResponse> observer) {
        Watch watch = new Watch(asked, observer);
        observer.setOnCancelHandler(() -> watches.remove(watch));
        observer.setOnCloseHandler(() -> watches.remove(watch));
        observer.setOnReadyHandler(watch::tell);
        watches.add(watch);
        watch.tell();
    }

    /** Something may have changed: the view, or, with time, what it means. Any thread; does not block. */
    void changed() {
        for (Watch watch : watches) {
            watch.tellSoon();
        }
    }

    private final class Watch {
        private final Set<DatasetId> asked;
        private final ServerCallStreamObserver<WatchDatasetsResponse> observer;
        private final AtomicBoolean soon = new AtomicBoolean();
        private final Map<DatasetId, Dataset> told = new HashMap<>();
        private boolean first = true;

        Watch(Set<DatasetId> asked, ServerCallStreamObserver<WatchDatasetsResponse> observer) {
            this.asked = asked;
            this.observer = observer;
        }

        void tellSoon() {
            if (soon.compareAndSet(false, true)) {
                executor.execute(() -> {
                    soon.set(false);
                    tell();
                });
            }
        }

        synchronized void tell() {
            if (observer.isCancelled() || !observer.isReady()) {
                return; // the ready handler comes back here
            }
            WatchDatasetsResponse.Builder changes = WatchDatasetsResponse.newBuilder();
            for (DatasetStatus status : views.current().datasets()) {
                if (asked.isEmpty() || asked.contains(status.id())) {
                    Dataset now = descriptions.describe(status);
                    if (!now.equals(told.put(status.id(), now))) {
                        changes.addDatasets(now);
                    }
                }
            }
            if (first || changes.getDatasetsCount() > 0) {
                first = false;
                observer.onNext(changes.build());
            }
        }
    }
}
