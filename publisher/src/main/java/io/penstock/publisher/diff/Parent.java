package io.penstock.publisher.diff;

import io.penstock.storage.v1.Manifest;
import io.penstock.store.layout.BucketLayout;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The version a publication is compared with.
 *
 * @param generation 0 = there is none
 * @param manifest null if there is none or it is unreadable
 * @param takenOver whether buckets that did not change are its own; if not, all are written again
 */
public record Parent(long generation, @Nullable Manifest manifest, boolean takenOver) {
    public static final Parent NONE = new Parent(0, null);

    public Parent(long generation, @Nullable Manifest manifest) {
        this(generation, manifest, true);
    }

    /** The same, but none of its buckets are taken over. */
    public Parent takingNothingOver() {
        return new Parent(generation, manifest, false);
    }

    public boolean exists() {
        return generation != 0;
    }

    /** Whether there is one whose manifest is missing or damaged. */
    public boolean isUnreadable() {
        return exists() && manifest == null;
    }

    /** Its layout, or null if it is not known. */
    public @Nullable BucketLayout layout() {
        return manifest == null ? null : BucketLayout.of(manifest.getLayout());
    }

    /** Whether its buckets can be taken over into a version of this layout. */
    public boolean hasLayout(BucketLayout layout) {
        return takenOver && manifest != null && manifest.getLayout().equals(layout.toProto());
    }

    /** Its manifest; only for one that is readable. */
    Manifest requireManifest() {
        return Objects.requireNonNull(manifest, "the parent's manifest");
    }
}
