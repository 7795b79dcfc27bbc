package io.penstock.client;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hands on the one answer of a call, or its failure. gRPC calls it on one thread at a time. */
final class OneAnswer<A> implements StreamObserver<A> {
    private final Consumer<A> answered;
    private final Consumer<Throwable> failed;
    private @Nullable A answer;

    OneAnswer(Consumer<A> answered, Consumer<Throwable> failed) {
        this.answered = answered;
        this.failed = failed;
    }

    @Override
    public void onNext(A value) {
        answer = value;
    }

    @Override
    public void onError(Throwable failure) {
        failed.accept(failure);
    }

    @Override
    public void onCompleted() {
        A received = answer;
        if (received == null) {
            failed.accept(Status.INTERNAL
                    .withDescription("the call ended without an answer")
                    .asRuntimeException());
        } else {
            answered.accept(received);
        }
    }
}
