package io.penstock.serving.view;

import io.penstock.serving.v1.Reason;
import io.penstock.storage.v1.AbandonedEntry;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.VersionEntry;
import java.util.HashMap;
import java.util.Map;

/** What the catalog said about a dataset's version numbers. Immutable. */
public final class VersionIndex {
    public static final VersionIndex EMPTY = new VersionIndex(DatasetEntry.getDefaultInstance());

    private final Map<Long, VersionEntry> versions = new HashMap<>();
    private final Map<Long, Reason> neverCommitted = new HashMap<>();
    private final long lastNumber;

    public VersionIndex(DatasetEntry entry) {
        for (VersionEntry version : entry.getVersionsList()) {
            versions.put(version.getNumber(), version);
        }
        for (AbandonedEntry abandoned : entry.getAbandonedList()) {
            neverCommitted.put(abandoned.getNumber(), Reason.REASON_UNKNOWN_VERSION);
        }
        if (entry.hasSlot()) {
            neverCommitted.put(entry.getSlot().getNumber(), Reason.REASON_UNKNOWN_VERSION);
        }
        lastNumber = entry.getLastNumber();
    }

    /** The generation of a kept version; 0 = no kept version has this number. */
    public long keptGeneration(long number) {
        VersionEntry version = versions.get(number);
        return version != null && version.getState() == VersionEntry.State.STATE_KEPT ? version.getGeneration() : 0;
    }

    /**
     * Why a version number cannot be read; {@code REASON_UNSPECIFIED} if it can. A number that was handed out and is
     * listed nowhere any more counts as retired.
     */
    public Reason whyNotReadable(long number) {
        VersionEntry version = versions.get(number);
        if (version != null) {
            return switch (version.getState()) {
                case STATE_KEPT -> Reason.REASON_UNSPECIFIED;
                case STATE_ROLLED_BACK -> Reason.REASON_VERSION_ROLLED_BACK;
                case STATE_RETIRING -> Reason.REASON_VERSION_RETIRED;
                case STATE_UNSPECIFIED, UNRECOGNIZED -> Reason.REASON_UNKNOWN_VERSION;
            };
        }
        if (number < 1 || number > lastNumber) {
            return Reason.REASON_UNKNOWN_VERSION;
        }
        return neverCommitted.getOrDefault(number, Reason.REASON_VERSION_RETIRED);
    }
}
