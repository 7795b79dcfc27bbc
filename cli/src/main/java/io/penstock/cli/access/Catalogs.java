package io.penstock.cli.access;

import io.penstock.cli.output.Times;
import io.penstock.publisher.admin.CatalogAdmin;
import io.penstock.publisher.stored.Stored;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Pause;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogClient;
import io.penstock.store.catalog.CatalogRefusedException;
import io.penstock.store.catalog.CatalogRefusedException.Reason;
import io.penstock.store.catalog.CatalogSnapshot;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The catalog of a namespace as operators see and change it. */
public final class Catalogs {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Catalogs() {}

    public static CatalogClient client(Store store, String namespace) {
        return new CatalogClient(store.catalog(namespace), namespace, RANDOM);
    }

    /** An operator at work, named in the audit trail. */
    public static CatalogAdmin admin(Store store, String namespace) {
        return new CatalogAdmin(store, namespace, operator(), InstantSource.system(), RANDOM);
    }

    /** Who runs this command: user@host. */
    private static String operator() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "unknown";
        }
        return System.getProperty("user.name", "unknown") + "@" + host;
    }

    /**
     * The dataset's entry.
     *
     * @throws CatalogRefusedException {@code UNKNOWN_DATASET}
     */
    public static DatasetEntry require(CatalogSnapshot catalog, DatasetId dataset) throws CatalogRefusedException {
        DatasetEntry entry = catalog.dataset(dataset.name());
        if (entry == null) {
            throw new CatalogRefusedException(
                    Reason.UNKNOWN_DATASET,
                    dataset + ": the catalog has no such dataset; see 'penstock datasets --store URL'");
        }
        return entry;
    }

    /** The manifests of these versions by generation. Those that are missing or damaged are left out. */
    public static Map<Long, Manifest> manifests(Store store, DatasetId dataset, List<VersionEntry> versions) {
        Map<Long, Manifest> manifests = new LinkedHashMap<>();
        try (BlobWriter blobs = store.openWriter()) {
            StoredBlobs stored = new StoredBlobs(blobs, dataset);
            for (VersionEntry version : versions) {
                Stored<Manifest> manifest = stored.manifest(version.getGeneration());
                if (manifest.value() != null) {
                    manifests.put(version.getGeneration(), manifest.value());
                }
            }
        }
        return manifests;
    }

    /** What may be done with a version, in a word or two: {@code current}, {@code kept}, {@code rolled back} … */
    public static String state(DatasetEntry dataset, VersionEntry version, Instant now) {
        if (version.getGeneration() == dataset.getCurrent()) {
            return "current";
        }
        return switch (version.getState()) {
            case STATE_KEPT ->
                version.hasExpiresAt() && !Times.instant(version.getExpiresAt()).isAfter(now) ? "expired" : "kept";
            case STATE_ROLLED_BACK -> "rolled back";
            case STATE_RETIRING -> "retiring";
            case STATE_UNSPECIFIED, UNRECOGNIZED -> version.getState().name().toLowerCase(Locale.ROOT);
        };
    }

    /** Of a dataset that is paused: by whom, since when and why. */
    public static String paused(DatasetEntry dataset) {
        Pause pause = dataset.getPause();
        return "paused by " + pause.getBy() + " since " + Times.text(pause.getSince()) + ": " + pause.getReason()
                + "; 'penstock resume " + dataset.getName() + "' ends it";
    }
}
