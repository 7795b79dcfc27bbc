package io.penstock.cli.contract;

import io.penstock.cli.access.Catalogs;
import io.penstock.contract.Contract;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.plan.History;
import io.penstock.publisher.stored.ContractReader;
import io.penstock.publisher.stored.Stored;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.DatasetId;
import io.penstock.store.Remedies;
import io.penstock.store.Store;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogRefusedException;
import io.penstock.store.catalog.CatalogRefusedException.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The contracts of a dataset that a store keeps. */
public final class StoredContracts {
    private StoredContracts() {}

    /**
     * The contract of one version.
     *
     * @param number null for the current version
     * @throws CatalogRefusedException if there is no such dataset or version
     */
    public static Contract of(Store store, DatasetId dataset, @Nullable Long number) throws CatalogRefusedException {
        DatasetEntry entry = entry(store, dataset);
        for (VersionEntry version : entry.getVersionsList()) {
            boolean wanted =
                    number == null ? version.getGeneration() == entry.getCurrent() : version.getNumber() == number;
            if (wanted) {
                return contract(store, dataset, version);
            }
        }
        throw new CatalogRefusedException(
                Reason.UNKNOWN_VERSION,
                dataset + ": " + (number == null ? "no version is current" : "no version " + number)
                        + "; see 'penstock versions " + dataset.name() + " --store URL'");
    }

    private static Contract contract(Store store, DatasetId dataset, VersionEntry version) {
        try (BlobWriter blobs = store.openWriter()) {
            Stored<Manifest> manifest = new StoredBlobs(blobs, dataset).manifest(version.getGeneration());
            if (manifest.value() == null) {
                throw lost(dataset, "version " + version.getNumber() + " (its manifest is missing or damaged)");
            }
            return ContractReader.read(manifest.value().getContract());
        }
    }

    /**
     * Every distinct contract that was ever committed, oldest first, as a publication compares them.
     *
     * @throws CatalogRefusedException if there is no such dataset
     * @throws PublisherException {@code DATA_LOSS} if a manifest cannot be read, so that something may be missing
     */
    public static List<Contract> all(Store store, DatasetId dataset) throws CatalogRefusedException {
        DatasetEntry entry = entry(store, dataset);
        try (BlobWriter blobs = store.openWriter()) {
            History history = History.read(entry, 0, new StoredBlobs(blobs, dataset));
            if (!history.unreadable().isEmpty()) {
                throw lost(dataset, String.join(", ", history.unreadable()));
            }
            return history.contracts().stream().map(ContractReader::read).toList();
        }
    }

    private static DatasetEntry entry(Store store, DatasetId dataset) throws CatalogRefusedException {
        return Catalogs.require(Catalogs.client(store, dataset.namespace()).require(), dataset);
    }

    private static PublisherException lost(DatasetId dataset, String what) {
        return new PublisherException(
                Category.DATA_LOSS,
                "CONTRACT_LOST",
                dataset + ": cannot read the contract of " + what + "; " + Remedies.LOST_DATA);
    }
}
