package io.penstock.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keys of one or more datasets, to be read together. Immutable and reusable.
 *
 * <pre>{@code
 * Batch.Builder batch = Batch.builder();
 * Batch.Part<Customer> customers = batch.add(CUSTOMERS, customerIds);
 * Batch.Part<Segment> segments = batch.add(SEGMENTS, segmentNames);
 * BatchResult result = client.batchGet(batch.build());
 * result.rows(customers).lookups();
 * }</pre>
 */
public final class Batch {
    private final List<Part<?>> parts;

    public static Builder builder() {
        return new Builder();
    }

    private Batch(List<Part<?>> parts) {
        this.parts = List.copyOf(parts);
    }

    List<Part<?>> parts() {
        return parts;
    }

    /** Collects the parts of a batch. Not thread-safe. */
    public static final class Builder {
        private final List<Part<?>> parts = new ArrayList<>();

        private Builder() {}

        /** Adds keys of a dataset, read from its current version; see {@link #add(DatasetBinding, List, ReadOptions)}. */
        public <K, T> Part<T> add(DatasetBinding<K, T> dataset, List<? extends K> keys) {
            return add(dataset, keys, ReadOptions.none());
        }

        /**
         * Adds keys of a dataset, in any number; duplicates are answered as often. What cannot be a key, such as an empty
         * text, is not asked for and is a {@link Lookup.Failed} in its place. Returns what finds their rows in the {@link
         * BatchResult}.
         *
         * @throws IllegalArgumentException if the options hold {@code ifGeneration}
         */
        public <K, T> Part<T> add(DatasetBinding<K, T> dataset, List<? extends K> keys, ReadOptions options) {
            if (options.ifGeneration() != 0) {
                throw new IllegalArgumentException(
                        "ifGeneration: " + Long.toHexString(options.ifGeneration()) + " (expected: 0 in a batch)");
            }
            List<String> encoded = new ArrayList<>(keys.size());
            Map<Integer, InvalidRequestException> refused = new HashMap<>();
            for (K key : keys) {
                try {
                    encoded.add(dataset.encode(key));
                } catch (InvalidRequestException e) {
                    refused.put(encoded.size() + refused.size(), e);
                }
            }
            Part<T> part = new Part<>(dataset, List.copyOf(encoded), Map.copyOf(refused), options);
            parts.add(part);
            return part;
        }

        /**
         * Returns the batch.
         *
         * @throws IllegalStateException if nothing was added
         */
        public Batch build() {
            if (parts.isEmpty()) {
                throw new IllegalStateException("batch: no part (expected: at least one)");
            }
            return new Batch(parts);
        }
    }

    /** The keys of one dataset in a batch. */
    public static final class Part<T> {
        private final DatasetBinding<?, T> binding;
        private final List<String> keys;
        private final Map<Integer, InvalidRequestException> refused;
        private final ReadOptions options;

        private Part(
                DatasetBinding<?, T> binding,
                List<String> keys,
                Map<Integer, InvalidRequestException> refused,
                ReadOptions options) {
            this.binding = binding;
            this.keys = keys;
            this.refused = refused;
            this.options = options;
        }

        String dataset() {
            return binding.dataset();
        }

        ValueDecoder<? extends T> decoder() {
            return binding.valueDecoder();
        }

        Optional<Duration> p99() {
            return binding.p99();
        }

        /** Those that are asked for, in the order given. */
        List<String> keys() {
            return keys;
        }

        /** Why those that cannot be keys are none, by their places among all that were given. */
        Map<Integer, InvalidRequestException> refused() {
            return refused;
        }

        ReadOptions options() {
            return options;
        }
    }
}
