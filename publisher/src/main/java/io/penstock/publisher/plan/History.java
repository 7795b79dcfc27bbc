package io.penstock.publisher.plan;

import com.google.protobuf.ByteString;
import io.penstock.publisher.diff.Parent;
import io.penstock.publisher.erase.ErasedKeys;
import io.penstock.publisher.stored.Stored;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.StoredContract;
import io.penstock.storage.v1.VersionEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The versions before a publication.
 *
 * @param parent what it is made from
 * @param contracts every distinct contract that was ever committed, rolled-back versions' included, oldest first
 * @param unreadable versions whose loss leaves something unknown: the parent, and those newer than it; in words
 * @param erased keys that may not be written any more
 */
public record History(Parent parent, List<StoredContract> contracts, List<String> unreadable, ErasedKeys erased) {
    public static final History EMPTY = new History(Parent.NONE, List.of(), List.of(), ErasedKeys.NONE);

    /**
     * Reads every listed version's manifest.
     *
     * @param dataset null if the catalog has none
     * @param parent the generation to compare with; 0 = none
     */
    public static History read(@Nullable DatasetEntry dataset, long parent, StoredBlobs stored) {
        if (dataset == null) {
            return EMPTY;
        }
        List<VersionEntry> versions = new ArrayList<>(dataset.getVersionsList());
        versions.sort(Comparator.comparingLong(VersionEntry::getNumber));
        Map<ByteString, StoredContract> contracts = new LinkedHashMap<>();
        List<String> unreadable = new ArrayList<>();
        Manifest parentManifest = null;
        boolean parentSeen = parent == 0;
        for (VersionEntry version : versions) {
            Stored<Manifest> read = stored.manifest(version.getGeneration());
            Manifest manifest = read.value();
            boolean isParent = version.getGeneration() == parent;
            parentSeen |= isParent;
            if (manifest != null) {
                manifest.getEarlierContractsList()
                        .forEach(earlier -> contracts.putIfAbsent(earlier.getDigest(), earlier));
                contracts.putIfAbsent(manifest.getContract().getDigest(), manifest.getContract());
                parentManifest = isParent ? manifest : parentManifest;
            } else if (parentSeen && version.getState() != VersionEntry.State.STATE_RETIRING) {
                unreadable.add("version " + version.getNumber() + " (its manifest is "
                        + (read.state() == Stored.State.MISSING ? "missing" : "damaged") + ")");
            }
        }
        return new History(
                new Parent(parent, parentManifest),
                List.copyOf(contracts.values()),
                List.copyOf(unreadable),
                ErasedKeys.of(dataset.getErasure()));
    }

    /** The same, but no bucket of the parent is taken over. */
    public History takingNothingOver() {
        return new History(parent.takingNothingOver(), contracts, unreadable, erased);
    }

    /** The contracts a new manifest lists beside its own. */
    public List<StoredContract> contractsBut(StoredContract own) {
        return contracts.stream()
                .filter(contract -> !contract.getDigest().equals(own.getDigest()))
                .toList();
    }
}
