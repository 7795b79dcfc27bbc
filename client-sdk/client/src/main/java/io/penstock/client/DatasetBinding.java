package io.penstock.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.Parser;
import io.penstock.contract.ContractException;
import io.penstock.contract.KeyEncoding;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * How one dataset is read: its name, how its keys are written and how its values are read. Generated clients are made of
 * these; others can use the factories. Immutable; thread-safe if the two functions are.
 *
 * @param dataset {@code customer-360.v1}, in the server's first namespace, or {@code growth/customer-360.v1}
 * @param keyEncoder gives the encoded key, as {@link KeyEncoding#encode} does, which is thread-safe; called on the
 *     caller's thread; may throw {@link ContractException} for what is no key
 * @param valueDecoder reads a value
 * @param p99 the contract's latency budget of one {@code Get}, above zero: it sets the deadline of reads that nobody gave
 *     another one, as {@link DatasetReader} says; empty = none
 * @param <K> what callers ask for
 * @param <T> what they get
 */
public record DatasetBinding<K, T>(
        String dataset,
        Function<? super K, String> keyEncoder,
        ValueDecoder<? extends T> valueDecoder,
        Optional<Duration> p99) {
    /** A namespace of 63 characters, a slash and a dataset of 128. */
    private static final int NAME_CHARS_MAX = 192;

    public DatasetBinding {
        if (dataset.isEmpty() || dataset.length() > NAME_CHARS_MAX) {
            throw new IllegalArgumentException("dataset: " + dataset.length() + " characters (expected: 1 to "
                    + NAME_CHARS_MAX + ", <product>.v<major> or <namespace>/<product>.v<major>)");
        }
        Objects.requireNonNull(keyEncoder);
        Objects.requireNonNull(valueDecoder);
        p99.ifPresent(budget -> {
            if (budget.isNegative() || budget.isZero()) {
                throw new IllegalArgumentException("p99: " + budget + " (expected: > 0)");
            }
        });
    }

    /** A binding without a latency budget. */
    public DatasetBinding(
            String dataset, Function<? super K, String> keyEncoder, ValueDecoder<? extends T> valueDecoder) {
        this(dataset, keyEncoder, valueDecoder, Optional.empty());
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

    /** The same dataset in a namespace that is not the server's first. */
    public DatasetBinding<K, T> inNamespace(String namespace) {
        if (namespace.isEmpty() || namespace.indexOf('/') >= 0) {
            throw new IllegalArgumentException("namespace: '" + namespace + "' (expected: a namespace's name)");
        }
        String name = dataset.substring(dataset.indexOf('/') + 1);
        return new DatasetBinding<>(namespace + "/" + name, keyEncoder, valueDecoder, p99);
    }

    /** The same with the contract's latency budget. */
    public DatasetBinding<K, T> withP99(Duration newP99) {
        return new DatasetBinding<>(dataset, keyEncoder, valueDecoder, Optional.of(newP99));
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
