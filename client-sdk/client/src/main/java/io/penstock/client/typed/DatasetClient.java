package io.penstock.client.typed;

import io.penstock.client.BatchRows;
import io.penstock.client.DatasetBinding;
import io.penstock.client.DatasetReader;
import io.penstock.client.Lookup;
import io.penstock.client.PenstockException;
import io.penstock.client.ReadOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Reads one data product. Generated clients extend it by their {@code get} methods and a list of their fields.
 *
 * <p>Immutable and thread-safe: each {@code with…} method gives another client and leaves this one as it is. They cost
 * nothing, share the connection, and none of them is to be closed. What holds for deadlines, errors and threads stands at
 * {@link DatasetReader}.
 *
 * @param <K> the key
 * @param <T> the contract's message
 * @param <C> the generated client
 */
public abstract class DatasetClient<K, T, C extends DatasetClient<K, T, C>> {
    private final ReadSetup<K, T> setup;
    private final Function<ReadSetup<K, T>, C> factory;

    /** @param factory the generated client's constructor */
    protected DatasetClient(ReadSetup<K, T> setup, Function<ReadSetup<K, T>, C> factory) {
        this.setup = setup;
        this.factory = factory;
    }

    /** Looks a key up; waits for the answer. */
    protected final Lookup<T> lookUp(K key) {
        return setup.reader().get(setup.dataset(), key, setup.options());
    }

    /** Looks a key up. */
    protected final CompletableFuture<Lookup<T>> lookUpAsync(K key) {
        return setup.reader().getAsync(setup.dataset(), key, setup.options());
    }

    /**
     * Looks keys up, in any number, all in one version; waits for the answer. The map holds every key, in the given order
     * and each once; it cannot be changed. A key that could not be answered is a {@link Lookup.Failed}.
     *
     * @throws PenstockException if the dataset as a whole could not be answered
     * @throws IllegalArgumentException if the options hold {@code ifGeneration}
     */
    public final Map<K, Lookup<T>> getAll(Collection<? extends K> keys) {
        List<K> distinct = distinct(keys);
        return distinct.isEmpty()
                ? Map.of()
                : byKey(distinct, setup.reader().batchGet(setup.dataset(), distinct, setup.options()));
    }

    /**
     * Looks keys up as {@link #getAll} does; the future fails if the dataset as a whole could not be answered.
     *
     * @throws IllegalArgumentException if the options hold {@code ifGeneration}
     */
    public final CompletableFuture<Map<K, Lookup<T>>> getAllAsync(Collection<? extends K> keys) {
        List<K> distinct = distinct(keys);
        if (distinct.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        CompletableFuture<Map<K, Lookup<T>>> result = new CompletableFuture<>();
        CompletableFuture<BatchRows<T>> call = setup.reader().batchGetAsync(setup.dataset(), distinct, setup.options());
        CompletableFuture<BatchRows<T>> unused = call.whenComplete((rows, failure) -> {
            if (failure == null) {
                result.complete(byKey(distinct, rows));
            } else {
                result.completeExceptionally(failure);
            }
        });
        CompletableFuture<Map<K, Lookup<T>>> unusedToo = result.whenComplete((rows, failure) -> {
            if (result.isCancelled()) {
                call.cancel(false);
            }
        });
        return result;
    }

    /** Reads that never go back: no answer is older than one that this session, which begins here, has had. */
    public final C session() {
        return through(setup.reader().session());
    }

    /** Reads under this deadline, above zero, instead of the one that follows from the contract. */
    public final C withDeadline(Duration deadline) {
        return through(setup.reader().withDeadline(deadline));
    }

    /** Reads of this version and no other. */
    public final C withVersion(long version) {
        return withOptions(setup.options().withVersion(version));
    }

    /** Reads of the version this answer is from: what work in several steps needs. */
    public final C withVersionOf(Lookup<?> answer) {
        // The revision tells a server that lags from one that never had the version.
        return withOptions(setup.options().withVersion(answer.version()).withMinRevision(answer.revision()));
    }

    /** Reads that refuse data whose {@code data_as_of} is longer ago, with {@code TOO_OLD}. */
    public final C withMaxAge(Duration maxAge) {
        return withOptions(setup.options().withMaxAge(maxAge));
    }

    /** Reads of these fields only; all others, those of the key included, are as if they had never been set. None means all. */
    @SafeVarargs
    public final C withFields(ContractField<T>... fields) {
        List<Integer> numbers = new ArrayList<>();
        for (ContractField<T> field : fields) {
            numbers.add(field.number());
        }
        return withOptions(setup.options().withFields(numbers));
    }

    /** Reads with these options, instead of those of this client. */
    public final C withOptions(ReadOptions options) {
        return factory.apply(new ReadSetup<>(setup.dataset(), setup.reader(), options));
    }

    /** Reads of the dataset in a namespace that is not the server's first. */
    public final C inNamespace(String namespace) {
        return factory.apply(new ReadSetup<>(setup.dataset().inNamespace(namespace), setup.reader(), setup.options()));
    }

    /** The dataset, as a part of a batch over several. */
    public final DatasetBinding<K, T> dataset() {
        return setup.dataset();
    }

    /** What every read asks for. */
    public final ReadOptions options() {
        return setup.options();
    }

    private C through(DatasetReader reader) {
        return factory.apply(new ReadSetup<>(setup.dataset(), reader, setup.options()));
    }

    private List<K> distinct(Collection<? extends K> keys) {
        return new ArrayList<>(new LinkedHashSet<>(keys));
    }

    private Map<K, Lookup<T>> byKey(List<K> keys, BatchRows<T> rows) {
        Map<K, Lookup<T>> lookups = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            lookups.put(keys.get(i), rows.lookups().get(i));
        }
        return Collections.unmodifiableMap(lookups);
    }
}
