package io.penstock.serving.testing;

import io.penstock.storage.v1.StoredContract;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A version to be published by {@link StoredVersions}: all its rows, as in mode snapshot. */
public final class VersionDraft {
    final String dataset;
    final Map<String, DraftRow> rows = new LinkedHashMap<>();
    int bits;
    StoredContract contract;
    Instant dataAsOf = Instant.parse("2026-11-20T00:00:00Z");

    @Nullable
    Instant expiresAt;

    @Nullable
    Instant rowsExpireAt;

    private VersionDraft(String dataset) {
        this.dataset = dataset;
        this.contract = TestContracts.of(dataset);
    }

    public static VersionDraft of(String dataset) {
        return new VersionDraft(dataset);
    }

    /** Adds or replaces a row whose value is {@link TestContracts#value}. */
    public VersionDraft row(String key, String text) {
        return row(key, TestContracts.value(key, text), 0);
    }

    /**
     * Adds or replaces a row.
     *
     * @param expiresAtMillis 0 = never
     */
    public VersionDraft row(String key, byte[] value, long expiresAtMillis) {
        rows.put(key, new DraftRow(key, value, expiresAtMillis));
        return this;
    }

    /** Adds rows {@code k0} to {@code k<count − 1>}. */
    public VersionDraft rows(int count, String text) {
        for (int i = 0; i < count; i++) {
            row("k" + i, text);
        }
        return this;
    }

    /** Sets the layout's bits; 0 = as the parent's, or 4. */
    public VersionDraft bits(int newBits) {
        bits = newBits;
        return this;
    }

    public VersionDraft contract(StoredContract newContract) {
        contract = newContract;
        return this;
    }

    public VersionDraft dataAsOf(Instant newDataAsOf) {
        dataAsOf = newDataAsOf;
        return this;
    }

    public VersionDraft expiresAt(Instant newExpiresAt) {
        expiresAt = newExpiresAt;
        return this;
    }

    /** When rows that do not say so themselves stop being readable. */
    public VersionDraft rowsExpireAt(Instant newRowsExpireAt) {
        rowsExpireAt = newRowsExpireAt;
        return this;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record DraftRow(String key, byte[] value, long expiresAtMillis) {}
}
