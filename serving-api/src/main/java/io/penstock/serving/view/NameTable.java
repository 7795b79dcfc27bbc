package io.penstock.serving.view;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds a dataset by the bytes of its name, so that no string is made for a request. Immutable open addressing. */
final class NameTable {
    private final int mask;
    private final byte[] @Nullable [] names;
    private final @Nullable DatasetStatus[] datasets;

    private NameTable(int slots) {
        mask = slots - 1;
        names = new byte[slots][];
        datasets = new DatasetStatus[slots];
    }

    static NameTable of(List<NamespaceView> namespaces) {
        int count = 0;
        for (NamespaceView namespace : namespaces) {
            count += 2 * namespace.datasets().size();
        }
        NameTable table = new NameTable(Integer.highestOneBit(count + 1) * 4);
        boolean first = true;
        for (NamespaceView namespace : namespaces) {
            for (DatasetStatus dataset : namespace.datasets().values()) {
                table.put(dataset.id().toString(), dataset);
                if (first) {
                    table.put(dataset.id().name(), dataset);
                }
            }
            first = false;
        }
        return table;
    }

    private void put(String name, DatasetStatus dataset) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        int at = hash(ByteBuffer.wrap(bytes), 0, bytes.length) & mask;
        while (names[at] != null) {
            at = (at + 1) & mask;
        }
        names[at] = bytes;
        datasets[at] = dataset;
    }

    @Nullable
    DatasetStatus find(ByteBuffer name, int offset, int length) {
        int at = hash(name, offset, length) & mask;
        for (byte @Nullable [] candidate = names[at]; candidate != null; candidate = names[at]) {
            if (matches(candidate, name, offset, length)) {
                return datasets[at];
            }
            at = (at + 1) & mask;
        }
        return null;
    }

    private static boolean matches(byte[] candidate, ByteBuffer name, int offset, int length) {
        if (candidate.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (candidate[i] != name.get(offset + i)) {
                return false;
            }
        }
        return true;
    }

    private static int hash(ByteBuffer name, int offset, int length) {
        int hash = 0;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + name.get(i);
        }
        return hash ^ (hash >>> 16);
    }
}
