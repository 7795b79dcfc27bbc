package io.penstock.publisher.diff;

/**
 * Finds out which rows changed in buckets that changed, and tells {@link RowChanges}. Called in ascending order of buckets
 * within a chunk.
 */
interface BucketChanges {
    /** For buckets made in a way that has told of the changes already. */
    BucketChanges TOLD = new BucketChanges() {
        @Override
        public void changed(int bucket, long oldGeneration, int rows, byte[] body) {}

        @Override
        public void emptied(int bucket, long oldGeneration) {}

        @Override
        public void finish() {}
    };

    /** A bucket has new content; {@code oldGeneration} wrote the old one, 0 = it was empty. */
    void changed(int bucket, long oldGeneration, int rows, byte[] body);

    /** A bucket lost all its rows. */
    void emptied(int bucket, long oldGeneration);

    /** Everything was reported; when this returns, all changes were told. */
    void finish();
}
