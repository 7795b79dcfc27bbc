package io.penstock.benchmarks.load;

import io.penstock.serving.v1.BatchGetRequest;
import io.penstock.serving.v1.DatasetKeys;
import io.penstock.serving.v1.GetRequest;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;

/** Writes the requests of one event loop of the driver, each over the one before. Hot; confined to that loop. */
abstract class Requests {
    /** What {@link #next} wrote. */
    protected byte[] bytes = {};

    static Requests of(Calls calls, SplittableRandom random) {
        if (calls instanceof Calls.Lookups lookups) {
            return lookups.batch() == 0 ? new Gets(lookups, random) : new BatchGets(lookups, random);
        }
        return new Same(((Calls.Fixed) calls).message().toByteArray());
    }

    /** Writes the next request; returns how many of {@link #bytes} it has. */
    abstract int next();

    final byte[] bytes() {
        return bytes;
    }

    private static final class Same extends Requests {
        Same(byte[] message) {
            bytes = message;
        }

        @Override
        int next() {
            return bytes.length;
        }
    }

    private abstract static class Lookups extends Requests {
        private static final int LENGTH_DELIMITED = 2;

        /** Of the tag and the length before a field's bytes. */
        static final int FIELD_START_BYTES_MAX = 4;

        private final KeySpace space;
        private final IntSupplier indexes;
        private final double absentShare;
        private final SplittableRandom random;
        private final byte[] key;
        private final int keyField;

        Lookups(Calls.Lookups lookups, SplittableRandom random, int keyField) {
            this.space = lookups.keys().space();
            this.indexes = lookups.keys().distribution().indexes(space.size(), random);
            this.absentShare = lookups.keys().absentShare();
            this.random = random;
            this.key = new byte[space.keyBytesMax()];
            this.keyField = keyField;
        }

        final int keyFieldBytesMax() {
            return FIELD_START_BYTES_MAX + key.length;
        }

        /** Writes a key's field; returns where it ends. */
        final int writeKey(int at) {
            boolean absent = absentShare > 0 && random.nextDouble() < absentShare;
            return writeField(keyField, key, space.write(indexes.getAsInt(), absent, key, 0), at);
        }

        final int writeField(int field, byte[] source, int length, int at) {
            int start = writeFieldStart(field, length, at);
            System.arraycopy(source, 0, bytes, start, length);
            return start + length;
        }

        final int writeFieldStart(int field, int length, int at) {
            int position = at;
            bytes[position++] = (byte) (field << 3 | LENGTH_DELIMITED);
            int rest = length;
            for (; rest >= 0x80; rest >>>= 7) {
                bytes[position++] = (byte) ((rest & 0x7f) | 0x80);
            }
            bytes[position++] = (byte) rest;
            return position;
        }
    }

    private static final class Gets extends Lookups {
        private final int keyAt;

        Gets(Calls.Lookups lookups, SplittableRandom random) {
            super(lookups, random, GetRequest.KEY_FIELD_NUMBER);
            byte[] dataset = lookups.dataset().getBytes(StandardCharsets.UTF_8);
            bytes = new byte[FIELD_START_BYTES_MAX + dataset.length + keyFieldBytesMax()];
            keyAt = writeField(GetRequest.DATASET_FIELD_NUMBER, dataset, dataset.length, 0);
        }

        @Override
        int next() {
            return writeKey(keyAt);
        }
    }

    /** One group, whose length is known last: room for it is left, and what of it is not needed closed again. */
    private static final class BatchGets extends Lookups {
        private final byte[] dataset;
        private final int batch;

        BatchGets(Calls.Lookups lookups, SplittableRandom random) {
            super(lookups, random, DatasetKeys.KEYS_FIELD_NUMBER);
            dataset = lookups.dataset().getBytes(StandardCharsets.UTF_8);
            batch = lookups.batch();
            bytes = new byte[2 * FIELD_START_BYTES_MAX + dataset.length + batch * keyFieldBytesMax()];
        }

        @Override
        int next() {
            int at = writeField(DatasetKeys.DATASET_FIELD_NUMBER, dataset, dataset.length, FIELD_START_BYTES_MAX);
            for (int i = 0; i < batch; i++) {
                at = writeKey(at);
            }
            int length = at - FIELD_START_BYTES_MAX;
            int start = writeFieldStart(BatchGetRequest.GROUPS_FIELD_NUMBER, length, 0);
            System.arraycopy(bytes, FIELD_START_BYTES_MAX, bytes, start, length);
            return start + length;
        }
    }
}
