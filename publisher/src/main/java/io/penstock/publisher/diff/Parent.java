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
 */
public record Parent(long generation, @Nullable Manifest manifest) {
    public static final Parent NONE = new Parent(0, null);

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

    /** Whether its layout is known to be this one. */
    public boolean hasLayout(BucketLayout layout) {
        return manifest != null && manifest.getLayout().equals(layout.toProto());
    }

    /** Its manifest; only for one that is readable. */
    Manifest requireManifest() {
        return Objects.requireNonNull(manifest, "the parent's manifest");
    }
}
