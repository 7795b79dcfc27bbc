package io.penstock.client;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.penstock.serving.v1.WatchDatasetsRequest;
import io.penstock.serving.v1.WatchDatasetsResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A subscription to a server's datasets. It has no deadline: it lasts until it is closed or fails. Thread-safe. */
public final class Watch implements AutoCloseable {
    static final String WHAT = "WatchDatasets";

    private final Connection connection;
    private final DatasetListener listener;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** Set by whoever closes, read by the call when it ends. */
    private volatile boolean closed;

    /** Set before the call starts, by the thread that opens the watch. */
    private volatile @Nullable ClientCallStreamObserver<WatchDatasetsRequest> call;

    Watch(Connection connection, DatasetListener listener) {
        this.connection = connection;
        this.listener = listener;
    }

    /** Ends the watch; the listener hears so, perhaps after a change that was on its way. Does not block. Idempotent. */
    @Override
    public void close() {
        closed = true;
        ClientCallStreamObserver<WatchDatasetsRequest> open = call;
        if (open != null) {
            open.cancel("closed by the caller", null);
        }
    }

    /** Called once the call has started: a close before that had nothing to cancel. */
    void started() {
        if (closed) {
            close();
        }
    }

    private void end(Optional<PenstockException> failure) {
        if (ended.compareAndSet(false, true)) {
            connection.ended(this);
            listener.onEnd(failure);
        }
    }

    ClientResponseObserver<WatchDatasetsRequest, WatchDatasetsResponse> observer() {
        return new ClientResponseObserver<>() {
            @Override
            public void beforeStart(ClientCallStreamObserver<WatchDatasetsRequest> requests) {
                call = requests;
            }

            @Override
            public void onNext(WatchDatasetsResponse response) {
                if (!closed) {
                    listener.onDatasets(response.getDatasetsList());
                }
            }

            @Override
            public void onError(Throwable failure) {
                end(closed ? Optional.empty() : Optional.of(connection.failure(WHAT, failure)));
            }

            @Override
            public void onCompleted() {
                end(closed ? Optional.empty() : Optional.of(Failures.serverEnded(WHAT)));
            }
        };
    }
}
