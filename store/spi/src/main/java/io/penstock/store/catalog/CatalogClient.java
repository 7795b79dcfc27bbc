package io.penstock.store.catalog;

import io.penstock.storage.v1.Catalog;
import io.penstock.store.Remedies;
import io.penstock.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Reads a namespace's catalog and applies transitions to it, each exactly once or not at all, whatever replies are lost.
 *
 * <p>Every attempt carries a fresh write id, and the operation's own id, the same in all attempts, is recorded in the
 * catalog. After an attempt that was not confirmed the catalog is read strongly: if the operation's id is there, it
 * happened; if the write id has moved without it, the attempt can never take effect any more; if nothing has moved, the
 * next attempt expects the same write id as the unconfirmed one, so at most one of them takes effect.
 *
 * <p>Thread-safe. The blocking methods are not for event loops.
 */
public final class CatalogClient {
    /** How many operation ids a catalog lists. */
    static final int OPERATIONS_MAX = 256;

    private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(30);
    private static final long BACKOFF_NANOS_MAX = 50_000_000;

    private final CatalogRegister register;
    private final String namespace;
    private final RandomGenerator random;
    private final long giveUpAfterNanos;

    public CatalogClient(CatalogRegister register, String namespace, RandomGenerator random) {
        this(register, namespace, random, GIVE_UP_AFTER);
    }

    /** @param giveUpAfter how long an operation is retried before its outcome is reported unknown */
    public CatalogClient(CatalogRegister register, String namespace, RandomGenerator random, Duration giveUpAfter) {
        this.register = register;
        this.namespace = namespace;
        this.random = random;
        this.giveUpAfterNanos = giveUpAfter.toNanos();
    }

    /** Reads the catalog strongly; empty when the namespace has none. */
    public CompletionStage<Optional<CatalogSnapshot>> readAsync() {
        return register.read().thenApply(value -> value.map(bytes -> CatalogCodec.decode(namespace, bytes)));
    }

    /** Reads the catalog strongly and waits for it; empty when the namespace has none. */
    public Optional<CatalogSnapshot> read() {
        return await(readAsync());
    }

    /**
     * Reads the catalog strongly and waits for it.
     *
     * @throws StoreException {@code NOT_INITIALISED} when there is none
     */
    public CatalogSnapshot require() {
        return read().orElseThrow(() -> new StoreException(
                StoreException.Code.NOT_INITIALISED,
                "namespace '" + namespace + "' has no catalog. " + Remedies.NO_CATALOG));
    }

    /**
     * Creates an empty catalog unless there is one.
     *
     * @return the catalog there is afterwards
     */
    public CatalogSnapshot initialise() {
        long storeId = nonZero();
        long deadline = System.nanoTime() + giveUpAfterNanos;
        while (true) {
            Optional<CatalogSnapshot> present = read();
            if (present.isPresent()) {
                return present.get();
            }
            Catalog empty = Catalog.newBuilder()
                    .setFormat(CatalogCodec.FORMAT)
                    .setStoreId(storeId)
                    .setEpoch(1)
                    .build();
            WriteId writeId = WriteId.random(random);
            if (compareAndSet(null, writeId, empty) == CatalogRegister.CasResult.APPLIED) {
                return new CatalogSnapshot(writeId, empty);
            }
            backOff(deadline);
        }
    }

    /**
     * Applies a transition and waits until it is known to have happened.
     *
     * @param operationId random and not 0, the same whenever this one operation is tried again
     * @return the catalog in which it had happened
     * @throws CatalogRefusedException if the catalog does not allow it; it did not happen
     * @throws StoreException {@code NOT_INITIALISED}, {@code CORRUPT}, {@code NEWER_FORMAT}, {@code FULL}: it did not
     *     happen; {@code UNREACHABLE}: it did not happen, or, as the message then says, it could not be found out in time
     *     whether it did
     */
    public Catalog apply(long operationId, CatalogTransition transition) throws CatalogRefusedException {
        if (operationId == 0) {
            throw new IllegalArgumentException("operationId: 0 (expected: not 0)");
        }
        long deadline = System.nanoTime() + giveUpAfterNanos;
        boolean unconfirmed = false;
        while (true) {
            try {
                CatalogSnapshot snapshot = require();
                Catalog before = snapshot.catalog();
                if (before.getOperationsList().contains(operationId)) {
                    return before;
                }
                Catalog after = transition.apply(before);
                if (after.equals(before)) {
                    return before;
                }
                Catalog recorded = record(after, operationId);
                switch (compareAndSet(snapshot.writeId(), WriteId.random(random), recorded)) {
                    case APPLIED -> {
                        return recorded;
                    }
                    case CONFLICT -> {}
                    case UNKNOWN -> unconfirmed = true;
                }
            } catch (StoreException e) {
                if (!unconfirmed) {
                    throw e; // nothing was sent, or what was sent lost its race
                }
            }
            backOff(deadline);
        }
    }

    private static Catalog record(Catalog catalog, long operationId) {
        Catalog.Builder recorded =
                catalog.toBuilder().setEpoch(catalog.getEpoch() + 1).addOperations(operationId);
        int tooMany = recorded.getOperationsCount() - OPERATIONS_MAX;
        if (tooMany > 0) {
            var newest = List.copyOf(recorded.getOperationsList().subList(tooMany, OPERATIONS_MAX + tooMany));
            recorded.clearOperations().addAllOperations(newest);
        }
        return recorded.build();
    }

    private CatalogRegister.CasResult compareAndSet(@Nullable WriteId expected, WriteId fresh, Catalog catalog) {
        return await(register.compareAndSet(expected, CatalogCodec.encode(namespace, fresh, catalog)));
    }

    private void backOff(long deadline) {
        if (System.nanoTime() - deadline >= 0) {
            throw new StoreException(
                    StoreException.Code.UNREACHABLE,
                    "catalog of namespace '" + namespace + "': no confirmation within "
                            + Duration.ofNanos(giveUpAfterNanos) + "; the operation may or may not have happened;"
                            + " see 'penstock versions DATASET --store URL' before repeating it; repeat a rollback only"
                            + " with --to N");
        }
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(BACKOFF_NANOS_MAX));
    }

    private long nonZero() {
        long id;
        do {
            id = random.nextLong();
        } while (id == 0);
        return id;
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException store) {
                throw store;
            }
            throw e;
        }
    }
}
