package io.penstock.serving.view;

import io.penstock.store.DatasetId;

/** Takes note of buckets that were found lost or damaged, for the next publication to write again. */
public interface LossReports {
    /**
     * Reports a bucket. Any thread; does not block; repeated reports cost nothing but a task. Beyond 1,000 a dataset
     * further ones are dropped.
     *
     * @param generation the generation the version's table names for the bucket
     */
    void reportLost(DatasetId dataset, long generation, int bucket);
}
