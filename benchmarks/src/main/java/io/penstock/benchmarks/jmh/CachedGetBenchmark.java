package io.penstock.benchmarks.jmh;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.penstock.serving.metrics.ServingMetrics;
import io.penstock.serving.metrics.WarmupMetrics;
import io.penstock.serving.read.EncodedResponse;
import io.penstock.serving.read.Failure;
import io.penstock.serving.read.ReadPath;
import io.penstock.serving.read.ResponseSink;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a {@code Get} cost that the near cache answers, from the request's bytes to the response's, without a
 * transport? How long, and how many bytes of garbage?
 *
 * <p>Keys: uniform over {@code rows} cached rows of 200 bytes; the metrics are the server's own. Run it on an otherwise
 * idle machine:
 *
 * <pre>
 * mvn -q -DskipTests package
 * java -cp "benchmarks/target/classes:cli/target/penstock-0.1.0-SNAPSHOT/lib/*" org.openjdk.jmh.Main CachedGet -prof gc
 * </pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class CachedGetBenchmark {
    private static final int VALUE_BYTES = 200;

    @Param({"10000", "1000000"})
    public int rows;

    private ByteBuffer[] buffers = {};

    @SuppressWarnings("NullAway.Init") // start sets it before every trial
    private CachedRows cached;

    @SuppressWarnings("NullAway.Init") // start sets it before every trial
    private ReadPath path;

    private final Answer answer = new Answer();
    private int next;

    /** Sets the rows up. */
    @Setup(Level.Trial)
    public void start() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ServingMetrics metrics = new ServingMetrics(registry, (dataset, reason) -> {});
        cached = CachedRows.of(rows, VALUE_BYTES, new WarmupMetrics(metrics, metrics));
        path = cached.path();
        byte[][] requests = cached.requests();
        buffers = new ByteBuffer[requests.length];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = ByteBuffer.wrap(requests[i]);
        }
        readPath();
    }

    @TearDown(Level.Trial)
    public void end() {
        cached.close();
    }

    /** Decode, find, encode: request buffers are there. */
    @Benchmark
    public int readPath() {
        path.get(buffers[turn()], ReadPath.NO_DEADLINE, answer);
        return answer.bytes;
    }

    /** Encodes the last answer once more: the loop's encoder points to it until the next. */
    @Benchmark
    public int encode() {
        answer.write();
        return answer.bytes;
    }

    private int turn() {
        next = next + 1 == buffers.length ? 0 : next + 1;
        return next;
    }

    /** Takes the response where a transport would: into a buffer that is there already. */
    private static final class Answer extends OutputStream implements ResponseSink {
        private final byte[] frame = new byte[64 << 10];
        private int bytes;

        @SuppressWarnings("NullAway.Init") // success comes first
        private EncodedResponse response;

        @Override
        public void success(EncodedResponse newResponse) {
            response = newResponse;
            write();
        }

        private void write() {
            bytes = 0;
            try {
                response.writeTo(this);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (bytes < VALUE_BYTES) {
                throw new IllegalStateException("not found");
            }
        }

        @Override
        public void failure(Failure failure) {
            throw new IllegalStateException(failure.toString());
        }

        @Override
        public void write(int one) {
            frame[bytes++] = (byte) one;
        }

        @Override
        public void write(byte[] source, int offset, int length) {
            System.arraycopy(source, offset, frame, bytes, length);
            bytes += length;
        }
    }
}
