package io.penstock.publisher.diff;

/** Counts the rows that changed in buckets that changed. Called in ascending order of buckets within a chunk. */
interface RowCounting {
    /** A bucket has new content; {@code oldGeneration} wrote the old one, 0 = it was empty. */
    void changed(int bucket, long oldGeneration, int rows, byte[] body);

    /** A bucket lost all its rows. */
    void emptied(int bucket, long oldGeneration);

    /** Everything was reported; when this returns, everything is counted. */
    void finish();
}
