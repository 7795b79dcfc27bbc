package io.penstock.benchmarks.load;

import com.google.protobuf.CodedOutputStream;
import io.penstock.serving.v1.BatchGetRequest;
import io.penstock.serving.v1.DatasetKeys;
import io.penstock.serving.v1.GetRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;

/** Writes the requests of one event loop of the driver. Confined to it. */
final class Requests {
    private final LoadOptions.Target target;
    private final KeySpace space;
    private final IntSupplier indexes;

    Requests(LoadOptions.Target target, LoadOptions.Keys keys, SplittableRandom random) {
        this.target = target;
        this.space = keys.space();
        this.indexes = keys.distribution().indexes(space.size(), random);
    }

    byte[] next() {
        try {
            return target.batch() == 0 ? get(nextKey()) : batchGet();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // writing to an array of the computed size
        }
    }

    private String nextKey() {
        return space.key(indexes.getAsInt());
    }

    private byte[] get(String key) throws IOException {
        int length = CodedOutputStream.computeStringSize(GetRequest.DATASET_FIELD_NUMBER, target.dataset())
                + CodedOutputStream.computeStringSize(GetRequest.KEY_FIELD_NUMBER, key);
        byte[] request = new byte[length];
        CodedOutputStream output = CodedOutputStream.newInstance(request);
        output.writeString(GetRequest.DATASET_FIELD_NUMBER, target.dataset());
        output.writeString(GetRequest.KEY_FIELD_NUMBER, key);
        output.checkNoSpaceLeft();
        return request;
    }

    private byte[] batchGet() {
        DatasetKeys.Builder keys = DatasetKeys.newBuilder().setDataset(target.dataset());
        for (int i = 0; i < target.batch(); i++) {
            keys.addKeys(nextKey());
        }
        return BatchGetRequest.newBuilder().addGroups(keys).build().toByteArray();
    }
}
