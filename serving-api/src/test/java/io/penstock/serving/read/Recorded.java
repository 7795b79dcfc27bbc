package io.penstock.serving.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.serving.testing.ManualScheduler;
import io.penstock.serving.v1.BatchGetResponse;
import io.penstock.serving.v1.GetResponse;
import io.penstock.serving.v1.Reason;
import org.jspecify.annotations.Nullable;

/** A sink that keeps its answer and refuses a second one. */
final class Recorded implements ResponseSink {
    private final ManualScheduler time;

    ReadCall call = ReadCall.ANSWERED;
    long answeredAtNanos;
    private byte @Nullable [] response;
    private @Nullable Failure failure;

    Recorded(ManualScheduler time) {
        this.time = time;
    }

    @Override
    public void success(EncodedResponse encoded) {
        requireFirst();
        response = encoded.toByteArray();
        assertThat(response).hasSize(encoded.length());
    }

    @Override
    public void failure(Failure newFailure) {
        requireFirst();
        failure = newFailure;
        assertThat(newFailure.code()).isEqualTo(ReadFailures.code(newFailure.reason()));
    }

    private void requireFirst() {
        if (isAnswered()) {
            throw new AssertionError("answered twice");
        }
        answeredAtNanos = time.nanoTime();
    }

    boolean isFailure() {
        return failure != null;
    }

    boolean isAnswered() {
        return response != null || failure != null;
    }

    byte[] bytes() {
        if (response == null) {
            throw new AssertionError(failure == null ? "no answer" : "failed: " + failure);
        }
        return response;
    }

    /** The answer, which must be byte for byte what protobuf writes. */
    GetResponse got() {
        try {
            GetResponse message = GetResponse.parseFrom(bytes());
            assertThat(message.toByteArray()).isEqualTo(bytes());
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** The answer, which must be byte for byte what protobuf writes. */
    BatchGetResponse gotBatch() {
        try {
            BatchGetResponse message = BatchGetResponse.parseFrom(bytes());
            assertThat(message.toByteArray()).isEqualTo(bytes());
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    Failure failed() {
        if (failure == null) {
            throw new AssertionError(response == null ? "no answer" : "succeeded");
        }
        return failure;
    }

    Reason reason() {
        return failed().reason();
    }
}
