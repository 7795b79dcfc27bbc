package io.penstock.publisher.admin;

import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.stored.Stored;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.ChunkTable;
import java.util.List;

/** Whether servers could load a version: its manifest and every chunk are there and pass their checks. */
final class WholeVersion {
    private WholeVersion() {}

    /**
     * Returns if it is whole.
     *
     * @throws PublisherException {@code DATA_LOSS}, naming what is not
     */
    static void require(StoredBlobs stored, long number, long generation) {
        Stored<Manifest> read = stored.manifest(generation);
        Manifest manifest = read.value();
        if (manifest == null) {
            throw notWhole(stored, number, "its manifest is " + read.state());
        }
        BucketLayout layout = BucketLayout.of(manifest.getLayout());
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            long chunkGeneration = manifest.getChunkGenerations(chunk);
            if (chunkGeneration == 0) {
                continue;
            }
            Stored<ChunkTable> table =
                    stored.tables(List.of(chunkGeneration), chunk, layout).get(0);
            if (table.value() == null) {
                throw notWhole(stored, number, "its chunk " + chunk + " is " + table.state());
            }
        }
    }

    private static PublisherException notWhole(StoredBlobs stored, long number, String why) {
        return new PublisherException(
                Category.DATA_LOSS,
                "VERSION_NOT_WHOLE",
                stored.dataset() + ": version " + number + " cannot be served, " + why
                        + "; go back to another version, or publish a snapshot of the data");
    }
}
