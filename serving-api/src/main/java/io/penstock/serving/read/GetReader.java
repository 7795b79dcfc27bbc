package io.penstock.serving.read;

import io.penstock.serving.read.ReadMetrics.ForDataset;
import io.penstock.serving.read.cache.CachedRow;
import io.penstock.serving.read.codec.FieldSelection;
import io.penstock.serving.read.codec.GetRequestDecoder;
import io.penstock.serving.read.codec.RequestBytes;
import io.penstock.serving.read.codec.RequestOptions;
import io.penstock.serving.read.codec.Utf8;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.ServingView;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code Get}: steps 1 to 3 of the read path, and hot. What the near cache has is answered without leaving a
 * trace; a {@link GetCall} is made only for a request that has to wait. Confined to its loop.
 */
final class GetReader {
    private final Loop loop;
    private final RequestBytes request;
    private final GetRequestDecoder decoder = new GetRequestDecoder();
    private final GetResponseEncoder response;

    GetReader(Loop loop, RequestBytes request) {
        this.loop = loop;
        this.request = request;
        this.response = new GetResponseEncoder(loop.writer);
    }

    ReadCall read(ByteBuffer bytes, long startNanos, long deadlineAtNanos, ResponseSink sink) {
        request.take(bytes);
        return attempt(null, startNanos, deadlineAtNanos, sink);
    }

    /** Starts over, on the present view. */
    void readAgain(GetCall call) {
        request.take(ByteBuffer.wrap(call.request));
        attempt(call, call.startNanos, call.deadlineAtNanos, call.sink);
    }

    private ReadCall attempt(@Nullable GetCall waiting, long startNanos, long deadlineAtNanos, ResponseSink sink) {
        byte[] bytes = request.array();
        if (!decoder.decode(bytes, request.from(), request.to())) {
            return refuse(Reason.REASON_MALFORMED_REQUEST, waiting, startNanos, sink);
        }
        int keyOffset = decoder.keyOffset();
        int keyLength = decoder.keyLength();
        Reason wrong = loop.whyNoKey(keyLength);
        if (wrong == Reason.REASON_UNSPECIFIED && !Utf8.isValid(bytes, keyOffset, keyLength)) {
            wrong = Reason.REASON_KEY_NOT_UTF8;
        }
        if (wrong != Reason.REASON_UNSPECIFIED) {
            return refuse(wrong, waiting, startNanos, sink);
        }
        ServingView view = loop.views.current();
        int nameOffset = decoder.datasetOffset();
        int nameLength = decoder.datasetLength();
        DatasetStatus dataset = view.find(request.buffer(), request.inBuffer(nameOffset), nameLength);
        if (dataset == null) {
            Reason why = Loop.whyNoDataset(view, bytes, nameOffset, nameLength);
            return refuse(why, waiting, startNanos, sink);
        }
        RequestOptions options = decoder.options();
        ForDataset metrics = loop.metricsOf(dataset.id());
        DatasetView version = loop.choice.choose(dataset, options, startNanos);
        if (version == null) {
            Reason why = loop.choice.reason();
            if (why == Reason.REASON_REVISION_NOT_REACHED && (waiting == null || !waiting.isRefreshed)) {
                return refresh(dataset, waiting, startNanos, deadlineAtNanos, sink);
            }
            return fail(why, dataset, metrics, waiting, startNanos, sink);
        }

        long hash = version.layout().hash(bytes, keyOffset, keyLength);
        int bucket = version.layout().bucketOf(hash);
        long generation = version.generationOf(bucket);
        CachedRow row;
        if (generation == 0) {
            row = CachedRow.EMPTY_BUCKET;
        } else {
            row = loop.cached(version.id(), bytes, keyOffset, keyLength, hash, generation);
            if (row == null) {
                GetCall call = waiting == null ? wait(startNanos, deadlineAtNanos, sink) : waiting;
                metrics.cacheMisses(1);
                call.isCacheable = version == dataset.served();
                call.awaitBucket(version, metrics, keyOffset - request.from(), keyLength, hash, options);
                long nowNanos = waiting == null ? startNanos : loop.nanoTime();
                loop.fetches.join(version, bucket, generation, metrics, call, nowNanos);
                call.bound();
                return call;
            }
            metrics.cacheHits(1);
        }
        if (waiting != null) {
            waiting.end();
        }
        answer(version, row, options.ifGeneration(), options.fields(), metrics, startNanos, sink);
        return ReadCall.ANSWERED;
    }

    /** Answers with a row, or those of its fields that are asked for, or with its absence. */
    void answer(
            DatasetView version,
            CachedRow row,
            long ifGeneration,
            @Nullable FieldSelection fields,
            ForDataset metrics,
            long startNanos,
            ResponseSink sink) {
        Outcome outcome = loop.outcomeOf(version, row, ifGeneration);
        byte[] value = row.bytes();
        int length = outcome == Outcome.OUTCOME_FOUND ? row.valueLength() : 0;
        if (fields != null && length != 0) {
            byte[] cut = loop.cutter.cut(value, length, fields);
            if (cut == null) {
                failRead(Reason.REASON_BUCKET_CORRUPT, version, metrics, startNanos, sink);
                return;
            }
            length = cut == value ? length : cut.length;
            value = cut;
        }
        EncodedResponse encoded = response.point(outcome, value, length, version.versionInfo(), row.generation());
        if (encoded.length() > loop.limits.responseBytes()) {
            failRead(Reason.REASON_RESPONSE_TOO_LARGE, version, metrics, startNanos, sink);
            return;
        }
        sink.success(encoded);
        metrics.getAnswered(outcome, loop.nanoTime() - startNanos);
    }

    private void failRead(Reason reason, DatasetView version, ForDataset metrics, long startNanos, ResponseSink sink) {
        sink.failure(loop.failures.of(reason, version.id().toString()));
        metrics.getFailed(reason, loop.nanoTime() - startNanos);
    }

    private GetCall wait(long startNanos, long deadlineAtNanos, ResponseSink sink) {
        byte[] own = Arrays.copyOfRange(request.array(), request.from(), request.to());
        return new GetCall(loop, this, own, startNanos, deadlineAtNanos, sink);
    }

    private ReadCall refresh(
            DatasetStatus dataset,
            @Nullable GetCall waiting,
            long startNanos,
            long deadlineAtNanos,
            ResponseSink sink) {
        GetCall call = waiting == null ? wait(startNanos, deadlineAtNanos, sink) : waiting;
        call.isRefreshed = true;
        if (loop.fetches.isFull()) {
            call.failed(Reason.REASON_OVERLOADED);
            return call;
        }
        call.bound();
        call.awaitCatalog(dataset.id().namespace());
        return call;
    }

    private ReadCall refuse(Reason reason, @Nullable GetCall waiting, long startNanos, ResponseSink sink) {
        if (waiting != null) {
            waiting.end();
        }
        sink.failure(loop.failures.of(reason));
        loop.metrics.getFailed(reason, loop.nanoTime() - startNanos);
        return ReadCall.ANSWERED;
    }

    private ReadCall fail(
            Reason reason,
            DatasetStatus dataset,
            ForDataset metrics,
            @Nullable GetCall waiting,
            long startNanos,
            ResponseSink sink) {
        if (waiting != null) {
            waiting.end();
        }
        sink.failure(loop.failures.of(reason, dataset.id().toString()));
        metrics.getFailed(reason, loop.nanoTime() - startNanos);
        return ReadCall.ANSWERED;
    }
}
