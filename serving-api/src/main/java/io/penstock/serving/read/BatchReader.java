package io.penstock.serving.read;

import io.penstock.serving.read.codec.BatchGetRequestDecoder;
import io.penstock.serving.read.codec.BatchKeys;
import io.penstock.serving.read.codec.RequestBytes;
import io.penstock.serving.v1.Reason;
import java.nio.ByteBuffer;

/** Takes {@code BatchGet}s in: step 1 of the read path, and hot. What is a batch becomes a {@link BatchCall}. Confined. */
final class BatchReader {
    private final Loop loop;
    private final RequestBytes request;
    private final BatchGetRequestDecoder decoder;
    private final BatchResponseEncoder response;

    BatchReader(Loop loop, RequestBytes request) {
        this.loop = loop;
        this.request = request;
        this.decoder = new BatchGetRequestDecoder(loop.limits.batchKeys());
        this.response = new BatchResponseEncoder(loop.writer, loop.limits.responseBytes());
    }

    ReadCall read(ByteBuffer bytes, long startNanos, long deadlineAtNanos, ResponseSink sink) {
        if (bytes.remaining() > loop.limits.requestBytes()) {
            return refuse(loop.failures.ofRequestBytes(), startNanos, sink);
        }
        request.take(bytes);
        if (!decoder.walk(request.array(), request.from(), request.to())) {
            return refuse(loop.failures.of(Reason.REASON_MALFORMED_REQUEST), startNanos, sink);
        }
        if (decoder.keys() > loop.limits.batchKeys() || decoder.groups() > loop.limits.batchKeys()) {
            return refuse(loop.failures.of(Reason.REASON_TOO_MANY_KEYS), startNanos, sink);
        }
        BatchKeys keys = decoder.places();
        BatchCall call = new BatchCall(loop, response, keys, startNanos, deadlineAtNanos, sink);
        return call.start(request);
    }

    private ReadCall refuse(Failure failure, long startNanos, ResponseSink sink) {
        sink.failure(failure);
        loop.metrics.batchFailed(failure.reason(), loop.nanoTime() - startNanos);
        return ReadCall.ANSWERED;
    }
}
