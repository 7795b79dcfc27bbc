package io.penstock.client;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.penstock.serving.v1.BatchGetRequest;
import io.penstock.serving.v1.GetDatasetRequest;
import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.v1.Reason;
import org.jspecify.annotations.Nullable;

/** One question to the servers, however many requests it takes: what it is sent with, and who hears what became of it. */
final class Exchange {
    private final Connection connection;
    private final MethodDescriptor<?, ?> method;
    private final Object request;
    private final String what;
    private final CallOptions options;
    private final @Nullable AttemptCount attempts;
    private final long startNanos;

    Exchange(Connection connection, MethodDescriptor<?, ?> method, Object request, CallOptions options, String what) {
        this.connection = connection;
        this.method = method;
        this.request = request;
        this.what = what;
        this.attempts = connection.observer() == null ? null : new AttemptCount();
        this.startNanos = attempts == null ? 0 : System.nanoTime();
        this.options = attempts == null ? options : options.withStreamTracerFactory(attempts);
    }

    CallOptions options() {
        return options;
    }

    void answered(boolean hedged) {
        connection.gotAnswer();
        report(Status.Code.OK, Reason.REASON_UNSPECIFIED, hedged);
    }

    PenstockException failed(Throwable failure, boolean hedged) {
        return reported(connection.failure(what, failure), hedged);
    }

    PenstockException interrupted(InterruptedException failure, boolean hedged) {
        return reported(Failures.interrupted(what, failure), hedged);
    }

    private PenstockException reported(PenstockException failure, boolean hedged) {
        report(failure.code(), failure.reason(), hedged);
        return failure;
    }

    private void report(Status.Code code, Reason reason, boolean hedged) {
        CallObserver observer = connection.observer();
        if (observer == null || attempts == null) {
            return;
        }
        long nanos = System.nanoTime() - startNanos;
        try {
            observer.ended(new CallReport(
                    String.valueOf(method.getBareMethodName()),
                    dataset(),
                    code,
                    reason,
                    nanos,
                    attempts.get(),
                    hedged));
        } catch (RuntimeException e) {
            // Counting must not fail what is counted.
        }
    }

    private String dataset() {
        if (request instanceof GetRequest get) {
            return get.getDataset();
        }
        if (request instanceof BatchGetRequest batch && batch.getGroupsCount() == 1) {
            return batch.getGroups(0).getDataset();
        }
        return request instanceof GetDatasetRequest dataset ? dataset.getDataset() : "";
    }
}
