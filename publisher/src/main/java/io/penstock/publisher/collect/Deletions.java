package io.penstock.publisher.collect;

import io.penstock.publisher.PublicationObserver;
import io.penstock.publisher.Step;
import io.penstock.publisher.stored.Stages;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Deletes blobs in batches, a few of them on the way at a time. Not thread-safe. */
final class Deletions {
    private static final int BATCH_BLOBS = 1_024;
    private static final int BATCHES_MAX = 4;

    private final BlobWriter blobs;
    private final PublicationObserver observer;
    private final Deque<CompletionStage<Long>> underWay = new ArrayDeque<>();
    private List<BlobAddress> batch = new ArrayList<>();
    private long deleted;

    Deletions(BlobWriter blobs, PublicationObserver observer) {
        this.blobs = blobs;
        this.observer = observer;
    }

    void add(BlobAddress address) {
        batch.add(address);
        if (batch.size() >= BATCH_BLOBS) {
            send();
        }
    }

    /** Returns once everything added so far is deleted: what is added next is deleted after it. */
    void complete() {
        send();
        while (!underWay.isEmpty()) {
            take();
        }
    }

    private void send() {
        if (batch.isEmpty()) {
            return;
        }
        underWay.add(blobs.delete(batch));
        batch = new ArrayList<>();
        if (underWay.size() > BATCHES_MAX) {
            take();
        }
    }

    private void take() {
        deleted += Math.max(0, Stages.await(underWay.remove()));
        observer.at(Step.BLOBS_DELETED, deleted + " blobs");
    }

    /** How many blobs were there and are not any more, as far as the store knows. */
    long deleted() {
        return deleted;
    }
}
