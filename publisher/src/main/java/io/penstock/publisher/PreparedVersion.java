package io.penstock.publisher;

import io.penstock.publisher.diff.NewVersion;
import io.penstock.publisher.write.WrittenChunk;
import io.penstock.storage.v1.CheckResult;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Slot;
import java.util.List;

/**
 * A version that is written and verified and not yet committed.
 *
 * @param manifest the new one, or, unchanged, the parent's
 * @param overridden checks that failed and were let through
 */
record PreparedVersion(
        Slot slot,
        Manifest manifest,
        NewVersion.Result diff,
        boolean isUnchanged,
        List<WrittenChunk> written,
        List<CheckResult> overridden) {
    static PreparedVersion unchanged(Slot slot, Manifest parent, NewVersion.Result diff) {
        return new PreparedVersion(slot, parent, diff, true, List.of(), List.of());
    }
}
