package io.penstock.serving.view;

import io.penstock.contract.Contract;
import io.penstock.serving.v1.VersionInfo;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.DatasetId;
import io.penstock.store.layout.BucketLayout;

/**
 * One dataset at one version, loaded: everything a look-up needs besides the bucket itself. Immutable but for the
 * catalog's status it points to; thread-safe; hot (steps 1 and 2 of the read path).
 */
public final class DatasetView {
    private final DatasetId id;
    private final CatalogStatus catalog;
    private final Manifest manifest;
    private final Contract contract;
    private final VersionTable table;
    private final long revision;
    private final long adoptedAtMillis;
    private final long dataAsOfMillis;
    private final long expiresAtMillis;
    private final long rowsExpireAtMillis;
    private final byte[] versionInfo;

    /**
     * Makes a view of a loaded version.
     *
     * @param catalog the status of the dataset's catalog, shared by all views of the namespace
     * @param revision the revision of the move that made this version current; 0 = the catalog no longer lists it
     *     (possible for a pinned version only)
     */
    public DatasetView(
            DatasetId id,
            CatalogStatus catalog,
            Manifest manifest,
            Contract contract,
            VersionTable table,
            long revision,
            long adoptedAtMillis) {
        this.id = id;
        this.catalog = catalog;
        this.manifest = manifest;
        this.contract = contract;
        this.table = table;
        this.revision = revision;
        this.adoptedAtMillis = adoptedAtMillis;
        this.dataAsOfMillis = Timestamps.toMillis(manifest.getDataAsOf());
        this.expiresAtMillis = manifest.hasExpiresAt() ? Timestamps.toMillis(manifest.getExpiresAt()) : Long.MAX_VALUE;
        this.rowsExpireAtMillis =
                manifest.hasRowsExpireAt() ? Timestamps.toMillis(manifest.getRowsExpireAt()) : Long.MAX_VALUE;
        this.versionInfo = VersionInfo.newBuilder()
                .setVersion(manifest.getNumber())
                .setRevision(revision)
                .setDataAsOf(manifest.getDataAsOf())
                .build()
                .toByteArray();
    }

    /** The same version, made current by another move. */
    public DatasetView at(long newRevision, long newAdoptedAtMillis) {
        return new DatasetView(id, catalog, manifest, contract, table, newRevision, newAdoptedAtMillis);
    }

    public DatasetId id() {
        return id;
    }

    public CatalogStatus catalog() {
        return catalog;
    }

    public Manifest manifest() {
        return manifest;
    }

    /** What the version's rows were written under. */
    public Contract contract() {
        return contract;
    }

    public VersionTable table() {
        return table;
    }

    public BucketLayout layout() {
        return table.layout();
    }

    /** The generation that wrote the bucket's blob; 0 = the bucket is empty and has none. */
    public long generationOf(int bucket) {
        return table.generationOf(bucket);
    }

    /** The version's number, a label. */
    public long number() {
        return manifest.getNumber();
    }

    /** The version's identity. */
    public long generation() {
        return manifest.getGeneration();
    }

    public long revision() {
        return revision;
    }

    /** A serialized {@link VersionInfo}, encoded once. Not a copy; nobody changes it. */
    public byte[] versionInfo() {
        return versionInfo;
    }

    public long dataAsOfMillis() {
        return dataAsOfMillis;
    }

    /** When the version stops being readable; {@link Long#MAX_VALUE} = never. */
    public long expiresAtMillis() {
        return expiresAtMillis;
    }

    /** When rows that do not say so themselves stop being readable; {@link Long#MAX_VALUE} = with the version. */
    public long rowsExpireAtMillis() {
        return rowsExpireAtMillis;
    }

    /** Whether its time is over, so that reads are answered {@code VERSION_EXPIRED}. */
    public boolean isExpired(long nowMillis) {
        return nowMillis >= expiresAtMillis;
    }

    /** When this server began to answer from it. */
    public long adoptedAtMillis() {
        return adoptedAtMillis;
    }

    @Override
    public String toString() {
        return id + " version " + number() + " revision " + revision;
    }
}
