package io.penstock.benchmarks.echo;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.penstock.benchmarks.BenchmarkException;
import io.penstock.benchmarks.wire.RawMethods;
import io.penstock.serving.v1.BatchGetResponse;
import io.penstock.serving.v1.DatasetRows;
import io.penstock.serving.v1.GetResponse;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.RowResult;
import io.penstock.serving.v1.VersionInfo;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What the baseline server answers: always the same bytes, for each method.
 *
 * @param messages by {@code package.Service/Method}
 */
public record EchoAnswers(Map<String, ByteString> messages) {
    public static final int DEFAULT_VALUE_BYTES = 200;
    public static final int DEFAULT_BATCH_ROWS = 100;

    private static final int VALUE_BYTES_MAX = 1 << 20;
    private static final int BATCH_ROWS_MAX = 1000;
    private static final long FETCH_SECONDS_MAX = 10;

    public EchoAnswers {
        messages = Map.copyOf(messages);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("answers: none (expected: one a method)");
        }
    }

    /** Rows made up for {@code Get} and {@code BatchGet}. */
    public static EchoAnswers ofRows(int valueBytes, int batchRows) {
        require("valueBytes", valueBytes, 0, VALUE_BYTES_MAX);
        require("batchRows", batchRows, 1, BATCH_ROWS_MAX);
        ByteString value = ByteString.copyFrom(new byte[valueBytes]);
        return new EchoAnswers(Map.of(
                RawMethods.GET.getFullMethodName(), get(value),
                RawMethods.BATCH_GET.getFullMethodName(), batchGet(value, batchRows)));
    }

    /** One method. */
    public static EchoAnswers of(String method, ByteString message) {
        return new EchoAnswers(Map.of(method, message));
    }

    /**
     * What another server answers to a request now, so that the baseline sends the very bytes the measured server sends.
     *
     * @throws BenchmarkException {@code UNREACHABLE} when it does not answer, or with an error
     */
    public static EchoAnswers fetched(String server, String method, ByteString request) {
        ManagedChannel channel =
                NettyChannelBuilder.forTarget(server).usePlaintext().build();
        try {
            byte[] answer = ClientCalls.blockingUnaryCall(
                    channel,
                    RawMethods.unary(method),
                    CallOptions.DEFAULT.withDeadlineAfter(FETCH_SECONDS_MAX, TimeUnit.SECONDS),
                    request.toByteArray());
            return of(method, ByteString.copyFrom(answer));
        } catch (StatusRuntimeException e) {
            throw new BenchmarkException(
                    BenchmarkException.Code.UNREACHABLE,
                    "server " + server + " does not answer " + method + ": " + e.getStatus(),
                    e);
        } finally {
            channel.shutdownNow();
        }
    }

    /** These and others, which win. */
    public EchoAnswers and(EchoAnswers others) {
        Map<String, ByteString> all = new TreeMap<>(messages);
        all.putAll(others.messages);
        return new EchoAnswers(all);
    }

    private static ByteString get(ByteString value) {
        return GetResponse.newBuilder()
                .setOutcome(Outcome.OUTCOME_FOUND)
                .setValue(value)
                .setVersionInfo(versionInfo())
                .setGeneration(1)
                .build()
                .toByteString();
    }

    private static ByteString batchGet(ByteString value, int batchRows) {
        DatasetRows.Builder rows = DatasetRows.newBuilder().setVersionInfo(versionInfo());
        RowResult row = RowResult.newBuilder()
                .setOutcome(Outcome.OUTCOME_FOUND)
                .setValue(value)
                .setGeneration(1)
                .build();
        for (int i = 0; i < batchRows; i++) {
            rows.addRows(row);
        }
        return BatchGetResponse.newBuilder().addGroups(rows).build().toByteString();
    }

    private static VersionInfo versionInfo() {
        return VersionInfo.newBuilder()
                .setVersion(1)
                .setRevision(1)
                .setDataAsOf(Timestamp.newBuilder().setSeconds(1_700_000_000))
                .build();
    }

    private static void require(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + min + " to " + max + ")");
        }
    }
}
