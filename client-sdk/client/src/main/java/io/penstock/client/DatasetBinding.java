package io.penstock.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.Parser;
import io.penstock.contract.ContractException;
import io.penstock.contract.KeyEncoding;
import java.util.Objects;
import java.util.function.Function;

/**
 * How one dataset is read: its name, how its keys are written and how its values are read. Generated clients are made of
 * these; others can use the factories. Immutable; thread-safe if the two functions are.
 *
 * @param dataset {@code customer-360.v1}, in the server's first namespace, or {@code growth/customer-360.v1}
 * @param keyEncoder gives the encoded key, as {@link KeyEncoding#encode} does, which is thread-safe; called on the
 *     caller's thread; may throw {@link ContractException} for what is no key
 * @param valueDecoder reads a value
 * @param <K> what callers ask for
 * @param <T> what they get
 */
public record DatasetBinding<K, T>(
        String dataset, Function<? super K, String> keyEncoder, ValueDecoder<? extends T> valueDecoder) {
    /** A namespace of 63 characters, a slash and a dataset of 128. */
    private static final int NAME_CHARS_MAX = 192;

    public DatasetBinding {
        if (dataset.isEmpty() || dataset.length() > NAME_CHARS_MAX) {
            throw new IllegalArgumentException("dataset: " + dataset.length() + " characters (expected: 1 to "
                    + NAME_CHARS_MAX + ", <product>.v<major> or <namespace>/<product>.v<major>)");
        }
        Objects.requireNonNull(keyEncoder);
        Objects.requireNonNull(valueDecoder);
    }

    /** Encoded keys to bytes as they are stored. */
    public static DatasetBinding<String, ByteString> bytes(String dataset) {
        return new DatasetBinding<>(dataset, key -> key, value -> value);
    }

    /** Encoded keys to messages. */
    public static <T> DatasetBinding<String, T> of(String dataset, Parser<T> parser) {
        return of(dataset, key -> key, parser);
    }

    /** Keys of any type to messages. */
    public static <K, T> DatasetBinding<K, T> of(
            String dataset, Function<? super K, String> keyEncoder, Parser<T> parser) {
        return new DatasetBinding<>(dataset, keyEncoder, parser::parseFrom);
    }

    /** The key as it is sent; a key that cannot be one never leaves this process, where it might turn into another. */
    String encode(K key) {
        try {
            return KeyEncoding.requireValid(keyEncoder.apply(key));
        } catch (ContractException e) {
            throw Failures.invalidKey(dataset, e);
        }
    }
}
