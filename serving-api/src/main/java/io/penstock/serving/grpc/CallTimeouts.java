package io.penstock.serving.grpc;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.penstock.serving.read.ReadPath;
import io.penstock.serving.v1.ServingServiceGrpc;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes look-ups' time-outs out of their headers before gRPC sees them, and keeps them where {@link Lookups} looks. gRPC
 * would schedule a task for each call and take it back when the call ends, and the earliest of them changes with every
 * turn of the loop, which makes the loop set its timer each time; the read path bounds a call's time by itself. Other
 * methods keep theirs. Thread-safe; hot.
 */
final class CallTimeouts extends ServerStreamTracer.Factory {
    private static final int DIGITS_MAX = 8;
    /** Longer ones are cut, lest the sum overflow; the read path has a shorter bound of its own. */
    private static final long NANOS_MAX = TimeUnit.DAYS.toNanos(1);

    private static final Metadata.Key<String> TIMEOUT =
            Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<Long> DEADLINE = Metadata.Key.of("penstock-deadline-bin", new Nanos());

    private static final Set<String> LOOKUPS = Set.of(
            ServingServiceGrpc.getGetMethod().getFullMethodName(),
            ServingServiceGrpc.getBatchGetMethod().getFullMethodName());
    private static final ServerStreamTracer NOTHING = new ServerStreamTracer() {};

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        if (LOOKUPS.contains(fullMethodName)) {
            if (headers.containsKey(DEADLINE)) { // looking costs less than removing nothing
                headers.discardAll(DEADLINE); // nobody's but ours
            }
            String timeout = headers.get(TIMEOUT);
            long nanos = timeout == null ? -1 : nanos(timeout);
            if (nanos >= 0) {
                headers.discardAll(TIMEOUT);
                headers.put(DEADLINE, System.nanoTime() + Math.min(nanos, NANOS_MAX));
            }
        }
        return NOTHING;
    }

    /** When a look-up's time is over, on the scale of {@link System#nanoTime()}, or {@link ReadPath#NO_DEADLINE}. */
    static long deadlineNanos(Metadata headers) {
        @Nullable Long deadline = headers.get(DEADLINE);
        return deadline == null ? ReadPath.NO_DEADLINE : deadline;
    }

    /** {@code 100m}; −1 if it is none, which gRPC then says to the caller. */
    static long nanos(String timeout) {
        int digits = timeout.length() - 1;
        if (digits < 1 || digits > DIGITS_MAX) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < digits; i++) {
            int digit = timeout.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = 10 * number + digit;
        }
        return switch (timeout.charAt(digits)) {
            case 'n' -> number;
            case 'u' -> TimeUnit.MICROSECONDS.toNanos(number);
            case 'm' -> TimeUnit.MILLISECONDS.toNanos(number);
            case 'S' -> TimeUnit.SECONDS.toNanos(number);
            case 'M' -> TimeUnit.MINUTES.toNanos(number);
            case 'H' -> TimeUnit.HOURS.toNanos(number);
            default -> -1;
        };
    }

    /** In headers that are never sent. */
    private static final class Nanos implements Metadata.BinaryMarshaller<Long> {
        @Override
        public byte[] toBytes(Long nanos) {
            return ByteBuffer.allocate(Long.BYTES).putLong(nanos).array();
        }

        @Override
        public Long parseBytes(byte[] bytes) {
            return ByteBuffer.wrap(bytes).getLong(); // our own: callers' headers of that name are dropped
        }
    }
}
