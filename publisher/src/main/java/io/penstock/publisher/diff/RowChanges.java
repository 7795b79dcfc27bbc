package io.penstock.publisher.diff;

import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.publisher.diff.RowChange.Kind;
import io.penstock.publisher.diff.RowChange.Presence;
import io.penstock.storage.v1.Bucket;
import io.penstock.storage.v1.Row;

/**
 * Is told of every row that a version has otherwise than the version before it: whoever counts changes, or carries them on
 * to another system. Each key comes once, and in no order that can be relied on.
 *
 * <p>Called on the publishing thread, which it may block, <em>before</em> the version is committed: what is done outside has
 * to wait for the commit. What it throws ends the publication.
 */
public interface RowChanges {
    /** Takes no notice. */
    RowChanges IGNORED = new RowChanges() {
        @Override
        public void changed(RowChange change) {}

        @Override
        public void allOf(byte[] bucket, int rows, Kind kind, Presence before, long version) {}
    };

    /** A row is not what it was. */
    void changed(RowChange change);

    /**
     * All rows of a new bucket are alike in that they were added, or that what they were is not known. Who needs no more
     * than their number need not look into the bucket, as the default does.
     *
     * @param bucket the body of the bucket
     * @param rows how many it has
     */
    default void allOf(byte[] bucket, int rows, Kind kind, Presence before, long version) {
        try {
            for (Row row : Bucket.parseFrom(bucket).getRowsList()) {
                changed(new RowChange(version, row.getKey(), kind, before, null, row));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a bucket that was just made is not one", e);
        }
    }

    /** Tells both. */
    static RowChanges both(RowChanges one, RowChanges other) {
        return new RowChanges() {
            @Override
            public void changed(RowChange change) {
                one.changed(change);
                other.changed(change);
            }

            @Override
            public void allOf(byte[] bucket, int rows, Kind kind, Presence before, long version) {
                one.allOf(bucket, rows, kind, before, version);
                other.allOf(bucket, rows, kind, before, version);
            }
        };
    }
}
