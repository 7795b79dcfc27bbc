package io.penstock.client;

import com.google.protobuf.CodedOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * How a batch is cut into requests. The first holds at least one key of every part that has any, so that all versions
 * are learned in one view of the server; the others then ask for these versions by name.
 */
final class BatchPlan {
    /** The options of a group, with every one at its longest, but for {@code fields}. */
    private static final int OPTIONS_BYTES_MAX = 64;

    /** One of {@code fields} at its longest. */
    private static final int FIELD_BYTES_MAX = 5;

    /** Tags and lengths of a group and its dataset. */
    private static final int GROUP_BYTES = 16;

    private final List<List<Slice>> requests = new ArrayList<>();
    private final BatchLimits limits;

    /** The keys {@code from} (inclusive) to {@code to} (exclusive) of a part. */
    record Slice(int part, int from, int to) {}

    BatchPlan(List<Batch.Part<?>> parts, BatchLimits limits) {
        this.limits = limits;
        int[] taken = new int[parts.size()];
        requests.add(first(parts, taken));
        Request request = new Request();
        for (int part = 0; part < taken.length; part++) {
            int from = taken[part];
            while (from < parts.get(part).keys().size()) {
                int to = request.fill(parts.get(part), from);
                if (to > from) {
                    request.slices.add(new Slice(part, from, to));
                    from = to;
                } else if (request.slices.isEmpty()) {
                    throw new IllegalArgumentException(
                            "batch: a key of part " + part + " and the fields it selects do not"
                                    + " fit into a request of " + limits.bytesMax()
                                    + " bytes (expected: fewer fields, or a larger"
                                    + " batchBytesMax)");
                } else {
                    requests.add(request.slices);
                    request = new Request();
                }
            }
        }
        if (!request.slices.isEmpty()) {
            requests.add(request.slices);
        }
    }

    /** The requests, the first of which has to be answered before the others are sent. */
    List<List<Slice>> requests() {
        return requests;
    }

    private List<Slice> first(List<Batch.Part<?>> parts, int[] taken) {
        Request request = new Request();
        for (int part = 0; part < taken.length; part++) {
            if (!request.open(parts.get(part))) {
                throw new IllegalArgumentException(
                        "batch: " + parts.size() + " parts (expected: as many as fit into one" + " request of "
                                + limits.keysMax() + " keys and " + limits.bytesMax() + " bytes)");
            }
            taken[part] = Math.min(1, parts.get(part).keys().size());
        }
        List<Slice> slices = new ArrayList<>();
        for (int part = 0; part < taken.length; part++) {
            taken[part] = request.fillOpen(parts.get(part), taken[part]);
            slices.add(new Slice(part, 0, taken[part]));
        }
        return slices;
    }

    private static int bytes(String key) {
        return 1 + CodedOutputStream.computeStringSizeNoTag(key);
    }

    /** One request as it fills. */
    private final class Request {
        final List<Slice> slices = new ArrayList<>();
        private int keys;
        private int bytes;

        /** Makes room for a group and its first key, if it has one; false if there is none. */
        boolean open(Batch.Part<?> part) {
            int firstKeyBytes = part.keys().isEmpty() ? 0 : bytes(part.keys().get(0));
            keys += Math.min(1, part.keys().size());
            bytes += groupBytes(part) + firstKeyBytes;
            return keys <= limits.keysMax() && bytes <= limits.bytesMax();
        }

        /** Adds keys of a part whose group is not in the request yet; returns the first that did not fit. */
        int fill(Batch.Part<?> part, int from) {
            int opened = groupBytes(part);
            if (bytes + opened + bytes(part.keys().get(from)) > limits.bytesMax()) {
                return from;
            }
            bytes += opened;
            return fillOpen(part, from);
        }

        int fillOpen(Batch.Part<?> part, int from) {
            int to = from;
            while (to < part.keys().size() && keys < limits.keysMax()) {
                int keyBytes = bytes(part.keys().get(to));
                if (bytes + keyBytes > limits.bytesMax()) {
                    break;
                }
                bytes += keyBytes;
                keys++;
                to++;
            }
            return to;
        }

        private int groupBytes(Batch.Part<?> part) {
            return GROUP_BYTES
                    + OPTIONS_BYTES_MAX
                    + FIELD_BYTES_MAX * part.options().fields().size()
                    + CodedOutputStream.computeStringSizeNoTag(part.dataset());
        }
    }
}
