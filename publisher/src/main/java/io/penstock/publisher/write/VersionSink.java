package io.penstock.publisher.write;

import io.penstock.storage.v1.Chunk;
import io.penstock.storage.v1.DigestChunk;

/** Where the changed parts of a version go, in ascending order, on the publishing thread; may block. */
public interface VersionSink {
    /** Looks like a store and keeps nothing: a dry run's. */
    VersionSink NOWHERE = new VersionSink() {
        @Override
        public void bucket(int bucket, byte[] body) {}

        @Override
        public void chunk(int chunk, Chunk table, DigestChunk digests) {}

        @Override
        public void finish() {}
    };

    /** Takes a bucket that changed. */
    void bucket(int bucket, byte[] body);

    /** Takes a chunk that changed, after its buckets. */
    void chunk(int chunk, Chunk table, DigestChunk digests);

    /** Waits until everything it took is where it belongs. */
    void finish();
}
