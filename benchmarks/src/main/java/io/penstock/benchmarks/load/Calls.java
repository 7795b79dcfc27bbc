package io.penstock.benchmarks.load;

import com.google.protobuf.ByteString;
import java.util.Locale;
import java.util.SplittableRandom;

/** What a run asks for. */
public sealed interface Calls {
    /** For the conditions of a report; holds no key. */
    String describe();

    /** Keys that one call asks for. */
    int keysACall();

    /** {@code package.Service/Method}. */
    String method();

    /** What the first call of a run asks. */
    default ByteString firstRequest() {
        long seed = this instanceof Lookups lookups ? lookups.keys().seed() : 0;
        Requests requests = Requests.of(this, new SplittableRandom(seed).split());
        int length = requests.next();
        return ByteString.copyFrom(requests.bytes(), 0, length);
    }

    /**
     * Look-ups of Penstock's API.
     *
     * @param dataset as callers name it
     * @param batch keys a {@code BatchGet}; 0 = one key a {@code Get}
     */
    record Lookups(String dataset, int batch, Keys keys) implements Calls {
        private static final int BATCH_MAX = 1000;
        private static final String SERVICE = "penstock.serving.v1.ServingService/";

        public Lookups {
            if (batch < 0 || batch > BATCH_MAX) {
                throw new IllegalArgumentException("batch: " + batch + " (expected: 0 to " + BATCH_MAX + ")");
            }
        }

        @Override
        public int keysACall() {
            return Math.max(1, batch);
        }

        @Override
        public String method() {
            return SERVICE + (batch == 0 ? "Get" : "BatchGet");
        }

        @Override
        public String describe() {
            return (batch == 0 ? "Get" : "BatchGet of " + batch) + " from " + dataset + ", " + keys.describe();
        }
    }

    /**
     * The same call of any unary method again and again.
     *
     * @param method {@code package.Service/Method}
     * @param message the request, without gRPC's length before it
     */
    record Fixed(String method, ByteString message) implements Calls {
        public Fixed {
            if (!method.matches("[\\w.]+/\\w+")) {
                throw new IllegalArgumentException("method: " + method + " (expected: package.Service/Method)");
            }
        }

        @Override
        public int keysACall() {
            return 1;
        }

        @Override
        public String describe() {
            return String.format(Locale.ROOT, "%s with the same %,d bytes", method, message.size());
        }
    }

    /**
     * Which keys look-ups ask for.
     *
     * @param absentShare of the keys have no row, 0 to 1: keys next to those of {@code space}
     * @param seed the same seed asks for the same keys in the same order
     */
    record Keys(KeySpace space, KeyDistribution distribution, double absentShare, long seed) {
        public static final long DEFAULT_SEED = 1;

        public Keys {
            if (!(absentShare >= 0 && absentShare <= 1)) {
                throw new IllegalArgumentException("absent share: " + absentShare + " (expected: 0 to 1)");
            }
        }

        /** All of them present, the default seed. */
        public static Keys of(KeySpace space, KeyDistribution distribution) {
            return new Keys(space, distribution, 0, DEFAULT_SEED);
        }

        String describe() {
            String absent = absentShare == 0 ? "" : String.format(Locale.ROOT, ", %.0f %% absent", 100 * absentShare);
            return space.describe() + ", " + distribution.describe() + absent + ", seed " + seed;
        }
    }
}
