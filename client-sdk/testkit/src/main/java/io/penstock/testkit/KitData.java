package io.penstock.testkit;

import com.google.protobuf.Message;
import io.penstock.contract.Contract;
import io.penstock.publisher.Publication;
import io.penstock.publisher.PublicationReport;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.PublisherOptions;
import io.penstock.publisher.admin.CatalogAdmin;
import io.penstock.publisher.guardrail.GuardrailChecks;
import io.penstock.publisher.sort.SortOptions;
import io.penstock.publisher.source.MessageRowSource;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.Store;
import io.penstock.store.catalog.CatalogClient;
import io.penstock.store.catalog.CatalogSnapshot;
import io.penstock.store.memory.MemoryStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** One life of the kit's store, from one reset to the next, and who publishes into it. Confined to the kit's lock. */
final class KitData {
    private static final String NAMESPACE = "default";
    private static final String BY = "penstock-testkit";
    private static final int RETENTION = 20;

    private final MemoryStore store = new MemoryStore();
    private final PublishedRows rows = new PublishedRows();
    private final Publisher publisher;
    private final CatalogAdmin admin;
    private final CatalogClient catalog;

    KitData(ScheduledExecutorService timer) {
        SecureRandom random = new SecureRandom();
        publisher = Publisher.builder(store)
                .options(PublisherOptions.DEFAULTS.withAdoptionTimeout(Duration.ZERO))
                .sortOptions(
                        new SortOptions(Path.of(System.getProperty("java.io.tmpdir")), SortOptions.MEMORY_BYTES_MIN, 0))
                .scheduler(timer)
                .by(BY)
                .build();
        admin = new CatalogAdmin(store, NAMESPACE, BY, InstantSource.system(), random);
        admin.initialise();
        catalog = new CatalogClient(store.catalog(NAMESPACE), NAMESPACE, random);
    }

    Store seenByServer(StoreFaults faults) {
        return new BreakableStore(store.reopen(), faults);
    }

    /** Publishes a version of each dataset in one step; returns what is current of each, in order. */
    List<Swap> publish(Map<Contract, List<Message>> rowsByContract, @Nullable Instant dataAsOf) {
        List<Publication> publications = new ArrayList<>();
        rowsByContract.forEach((contract, some) -> publications.add(publication(contract, some, dataAsOf)));
        List<Swap> swaps = new ArrayList<>();
        for (PublicationReport report : publisher.publishAtomically(publications)) {
            swaps.add(current(report.dataset().name()));
        }
        rowsByContract.forEach((contract, some) -> rows.remember(generation(contract.dataset()), contract, some));
        return swaps;
    }

    private static Publication publication(Contract contract, List<Message> rows, @Nullable Instant dataAsOf) {
        MessageRowSource source = MessageRowSource.of(rows);
        Publication.Builder publication = Publication.builder(
                        NAMESPACE, contract, dataAsOf == null ? source : source.asOf(dataAsOf))
                .retention(RETENTION);
        GuardrailChecks.NAMES.forEach(check -> publication.override(check, "a test decides what it publishes"));
        return publication.build();
    }

    /** Goes back; the named dataset's swap is the first. */
    List<Swap> rollback(String dataset, OptionalLong version) {
        List<Swap> swaps = new ArrayList<>();
        admin.rollback(dataset, version, false).datasets().forEach(moved -> swaps.add(current(moved.dataset())));
        return swaps.isEmpty() ? List.of(current(dataset)) : swaps;
    }

    List<Message> with(Contract contract, Collection<? extends Message> changed) {
        return rows.with(generation(contract.dataset()), contract, changed);
    }

    List<Message> without(Contract contract, Collection<? extends Message> removed) {
        return rows.without(generation(contract.dataset()), contract, removed);
    }

    /** What is current of every dataset that has something. */
    List<Swap> currents() {
        return read().getDatasetsList().stream()
                .filter(entry -> entry.getCurrent() != 0)
                .map(KitData::swap)
                .toList();
    }

    Swap current(String dataset) {
        DatasetEntry entry = CatalogSnapshot.findDataset(read(), dataset);
        if (entry == null || entry.getCurrent() == 0) {
            throw new KitException(
                    KitException.Code.NOT_SERVED, dataset + ": nothing was published (expected: publish first)");
        }
        return swap(entry);
    }

    private static Swap swap(DatasetEntry entry) {
        VersionEntry version = CatalogSnapshot.findVersion(entry, entry.getCurrent());
        return new Swap(entry.getName(), version == null ? 0 : version.getNumber(), entry.getRevision());
    }

    /** The generation of the current version; 0 = none. */
    private long generation(String dataset) {
        DatasetEntry entry = CatalogSnapshot.findDataset(read(), dataset);
        return entry == null ? 0 : entry.getCurrent();
    }

    private Catalog read() {
        return catalog.require().catalog();
    }

    /** Lets the server see the catalog as it is now from here on. */
    void pause(StoreFaults faults) {
        faults.pause(
                NAMESPACE, store.catalog(NAMESPACE).read().toCompletableFuture().join());
    }
}
