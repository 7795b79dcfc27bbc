package io.penstock.client.typed;

import io.penstock.client.DatasetBinding;
import io.penstock.client.DatasetReader;
import io.penstock.client.ReadOptions;

/**
 * What a typed client reads, through what, and how. Immutable.
 *
 * @param dataset the dataset, its keys and its rows
 * @param reader a client or a session
 * @param options what every read asks for
 * @param <K> the key
 * @param <T> the contract's message
 */
public record ReadSetup<K, T>(DatasetBinding<K, T> dataset, DatasetReader reader, ReadOptions options) {
    /** The current version, whatever its age; whole rows. */
    public static <K, T> ReadSetup<K, T> of(DatasetBinding<K, T> dataset, DatasetReader reader) {
        return new ReadSetup<>(dataset, reader, ReadOptions.none());
    }
}
