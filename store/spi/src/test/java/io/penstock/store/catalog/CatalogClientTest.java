package io.penstock.store.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Erasure;
import io.penstock.store.StoreException;
import io.penstock.store.catalog.CatalogRegister.CasResult;
import io.penstock.store.catalog.CatalogTransitions.Beginning;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CatalogClientTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private final ScriptedRegister register = new ScriptedRegister();
    private final CatalogClient client = new CatalogClient(register, "ns", new Random(1), Duration.ofSeconds(5));

    @Test
    void saysThatANamespaceWithoutACatalogIsNotInitialised() {
        assertThat(client.read()).isEmpty();
        assertThatThrownBy(client::require)
                .isInstanceOf(StoreException.class)
                .hasMessage("namespace 'ns' has no catalog. New: publish to it, or run 'penstock store init'. If there"
                        + " was one, the store lost it: restore it, or stop every server and publisher of the"
                        + " namespace, then publish again");
    }

    @Test
    void initialisesOnceWhoeverAsks() {
        long first = client.initialise().catalog().getStoreId();
        assertThat(client.initialise().catalog().getStoreId()).isEqualTo(first).isNotZero();
    }

    @Test
    void recordsTheOperationAndCountsWrites() throws Exception {
        client.initialise();
        assertThat(client.apply(7, begin()).getOperationsList()).containsExactly(7L);
        assertThat(client.require().catalog().getEpoch()).isEqualTo(2);
    }

    @Test
    void anAppliedWriteWhoseReplyIsLostIsNotAppliedTwice() throws Exception {
        client.initialise();
        register.next.add(Fault.REPLY_LOST);
        client.apply(7, begin());
        assertThat(client.require().catalog().getDatasets(0).getLastNumber()).isEqualTo(1);
        assertThat(register.writes).isEqualTo(2);
    }

    @Test
    void aWriteThatArrivesAfterItsRetryDoesNothing() throws Exception {
        client.initialise();
        register.next.add(Fault.DELAYED);
        client.apply(7, begin());
        register.deliverDelayed();
        assertThat(client.require().catalog().getDatasets(0).getLastNumber()).isEqualTo(1);
        assertThat(client.require().catalog().getOperationsList()).containsExactly(7L);
    }

    @Test
    void aLostRaceIsTriedAgainOnWhatTheCatalogHasBecome() throws Exception {
        client.initialise();
        register.next.add(Fault.OVERTAKEN);
        client.apply(7, begin());
        assertThat(client.require().catalog().getAuditCount()).isEqualTo(1);
        assertThat(client.require().catalog().getDatasets(0).hasSlot()).isTrue();
    }

    @Test
    void aRefusalChangesNothing() {
        client.initialise();
        assertThatThrownBy(() -> client.apply(7, CatalogTransitions.resume("x.v1", "me", NOW)))
                .isInstanceOf(CatalogRefusedException.class);
        assertThat(register.writes).isEqualTo(1);
    }

    @Test
    void givesUpSayingThatTheOutcomeIsUnknown() {
        CatalogClient impatient = new CatalogClient(register, "ns", new Random(1), Duration.ofMillis(20));
        client.initialise();
        register.always = Fault.DELAYED;
        assertThatThrownBy(() -> impatient.apply(7, begin()))
                .isInstanceOf(StoreException.class)
                .hasMessageEndingWith("; the operation may or may not have happened; see 'penstock versions DATASET"
                        + " --store URL' before repeating it; repeat a rollback only with --to N")
                .extracting(e -> ((StoreException) e).code())
                .isEqualTo(StoreException.Code.UNREACHABLE);
    }

    @Test
    void refusesACatalogThatIsDamagedTruncatedMalformedOrNewer() throws Exception {
        client.initialise();
        byte[] good = register.value().orElseThrow();
        register.value = Arrays.copyOf(good, good.length - 1);
        assertThatThrownBy(client::read).hasMessageContaining("fail their checksum");
        register.value = new byte[0];
        assertThatThrownBy(client::read).hasMessageContaining("0 bytes fail their checksum");
        register.value = CatalogCodec.encode(
                "ns",
                new WriteId(1, 1),
                io.penstock.storage.v1.Catalog.newBuilder().setFormat(2).build());
        assertThatThrownBy(client::read)
                .hasMessage("catalog of namespace 'ns': format 2 (expected: <= 1); it was written by a newer Penstock, "
                        + "upgrade this one");
        register.value = CatalogCodec.encode(
                "ns",
                new WriteId(1, 1),
                io.penstock.storage.v1.Catalog.newBuilder()
                        .setFormat(1)
                        .addDatasets(DatasetEntry.newBuilder()
                                .setName("x.v1")
                                .setErasure(Erasure.newBuilder().setHashes(ByteString.copyFrom(new byte[16]))))
                        .build());
        assertThatThrownBy(client::read)
                .hasMessage("catalog of namespace 'ns': the erased keys of x.v1 are no list of hashes");
    }

    @Test
    void listsOnlyTheNewestOperations() throws Exception {
        client.initialise();
        for (long operation = 1; operation <= 300; operation++) {
            client.apply(operation, CatalogTransitions.audit("x.v1", "override", "" + operation, "me", NOW));
        }
        assertThat(client.require().catalog().getOperationsList()).hasSize(256).endsWith(299L, 300L);
    }

    private static CatalogTransition begin() {
        return CatalogTransitions.begin(List.of(new Beginning("x.v1", 5)), "owner", Set.of(), "me", NOW);
    }

    private enum Fault {
        NONE,
        REPLY_LOST,
        DELAYED,
        OVERTAKEN
    }

    /** A register that does what it should, except for the faults it was told to have. */
    private static final class ScriptedRegister implements CatalogRegister {
        final ArrayDeque<Fault> next = new ArrayDeque<>();
        final List<Runnable> delayed = new ArrayList<>();
        Fault always = Fault.NONE;
        byte @Nullable [] value;
        int writes;

        Optional<byte[]> value() {
            return Optional.ofNullable(value);
        }

        void deliverDelayed() {
            delayed.forEach(Runnable::run);
        }

        @Override
        public CompletionStage<Optional<byte[]>> read() {
            return CompletableFuture.completedFuture(value());
        }

        @Override
        public CompletionStage<Optional<WriteId>> readWriteId() {
            return CompletableFuture.completedFuture(value().map(bytes -> WriteId.of(ByteBuffer.wrap(bytes))));
        }

        @Override
        public CompletionStage<CasResult> compareAndSet(@Nullable WriteId expected, byte[] fresh) {
            Fault fault = next.isEmpty() ? always : next.remove();
            return CompletableFuture.completedFuture(
                    switch (fault) {
                        case NONE -> swap(expected, fresh) ? CasResult.APPLIED : CasResult.CONFLICT;
                        case REPLY_LOST -> {
                            swap(expected, fresh);
                            yield CasResult.UNKNOWN;
                        }
                        case DELAYED -> {
                            delayed.add(() -> swap(expected, fresh));
                            yield CasResult.UNKNOWN;
                        }
                        case OVERTAKEN -> {
                            overtake();
                            yield swap(expected, fresh) ? CasResult.APPLIED : CasResult.CONFLICT;
                        }
                    });
        }

        private void overtake() {
            CatalogSnapshot snapshot = CatalogCodec.decode("ns", value().orElseThrow());
            try {
                value = CatalogCodec.encode(
                        "ns",
                        new WriteId(99, 99),
                        CatalogTransitions.audit("x.v1", "override", "somebody else", "them", NOW)
                                .apply(snapshot.catalog()));
            } catch (CatalogRefusedException e) {
                throw new AssertionError(e);
            }
        }

        private boolean swap(@Nullable WriteId expected, byte[] fresh) {
            WriteId present =
                    value().map(bytes -> WriteId.of(ByteBuffer.wrap(bytes))).orElse(null);
            if (!java.util.Objects.equals(present, expected)) {
                return false;
            }
            value = fresh;
            writes++;
            return true;
        }

        @Override
        public Watch watch(Runnable moved) {
            return () -> {};
        }
    }
}
