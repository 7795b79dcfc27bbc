package io.penstock.serving.read;

import io.penstock.serving.read.codec.RequestBytes;
import io.penstock.serving.v1.Reason;
import java.nio.ByteBuffer;

/** The read path of one loop: bounds each call's time and hands it on. Step 1 of the read path, and hot. */
final class LoopReadPath implements ReadPath {
    private final Loop loop;
    private final GetReader gets;
    private final BatchReader batches;
    private final long readNanosMax;
    private final Runnable onClose;

    LoopReadPath(Loop loop, Runnable onClose) {
        RequestBytes request = new RequestBytes();
        this.loop = loop;
        this.gets = new GetReader(loop, request);
        this.batches = new BatchReader(loop, request);
        this.readNanosMax = loop.limits.readTime().toNanos();
        this.onClose = onClose;
    }

    @Override
    public ReadCall get(ByteBuffer request, long deadlineNanos, ResponseSink sink) {
        long nowNanos = loop.nanoTime();
        long leftNanos = leftNanos(deadlineNanos, nowNanos);
        Reason refusal = whyNot(leftNanos);
        if (refusal != Reason.REASON_UNSPECIFIED) {
            sink.failure(loop.failures.of(refusal));
            loop.metrics.getFailed(refusal, loop.nanoTime() - nowNanos);
            return ReadCall.ANSWERED;
        }
        return gets.read(request, nowNanos, nowNanos + leftNanos, sink);
    }

    @Override
    public ReadCall batchGet(ByteBuffer request, long deadlineNanos, ResponseSink sink) {
        long nowNanos = loop.nanoTime();
        long leftNanos = leftNanos(deadlineNanos, nowNanos);
        Reason refusal = whyNot(leftNanos);
        if (refusal != Reason.REASON_UNSPECIFIED) {
            sink.failure(loop.failures.of(refusal));
            loop.metrics.batchFailed(refusal, loop.nanoTime() - nowNanos);
            return ReadCall.ANSWERED;
        }
        return batches.read(request, nowNanos, nowNanos + leftNanos, sink);
    }

    private long leftNanos(long deadlineNanos, long nowNanos) {
        return deadlineNanos == NO_DEADLINE ? readNanosMax : Math.min(deadlineNanos - nowNanos, readNanosMax);
    }

    /** An overdue call costs nothing more than saying so. */
    private Reason whyNot(long leftNanos) {
        if (leftNanos <= 0) {
            return Reason.REASON_DEADLINE_EXCEEDED;
        }
        return loop.fetches.isClosed() ? Reason.REASON_STORE_UNREACHABLE : Reason.REASON_UNSPECIFIED;
    }

    Loop loop() {
        return loop;
    }

    @Override
    public void close() {
        if (loop.fetches.isClosed()) {
            return;
        }
        onClose.run();
        loop.fetches.close();
        loop.deadlines.expireAll();
    }
}
