package io.penstock.serving.read.codec;

import org.jspecify.annotations.Nullable;

/**
 * Walks a {@code BatchGetRequest} in two passes, so that nothing is allocated for what a request only claims: one that
 * counts, and one that notes where names and keys are. Step 1 of the read path, and hot. Confined to one loop.
 */
public final class BatchGetRequestDecoder {
    private static final int TAG_GROUPS = 1 << 3 | 2;
    private static final int TAG_DATASET = 1 << 3 | 2;
    private static final int TAG_KEYS = 2 << 3 | 2;
    private static final int TAG_OPTIONS = 3 << 3 | 2;

    private final WireReader wire = new WireReader();

    private int groups;
    private int keys;

    /** Counts groups and keys of the request that ends at {@code to}; false if it is none. */
    public boolean count(byte[] bytes, int from, int to) {
        groups = 0;
        keys = 0;
        return walk(bytes, from, to, null);
    }

    /** How many groups {@link #count} found. */
    public int groups() {
        return groups;
    }

    /** How many keys {@link #count} found, over all groups. */
    public int keys() {
        return keys;
    }

    /** Decodes the request that {@link #count} has accepted. */
    public BatchKeys decode(byte[] bytes, int from, int to) {
        BatchKeys result = new BatchKeys(from, groups, keys);
        groups = 0;
        keys = 0;
        walk(bytes, from, to, result);
        result.endGroups();
        return result;
    }

    private boolean walk(byte[] bytes, int from, int to, @Nullable BatchKeys into) {
        wire.reset(bytes, from);
        while (wire.hasMore(to)) {
            int tag = wire.tag(to);
            if (tag == TAG_GROUPS) {
                int length = wire.length(to);
                if (into != null) {
                    into.startGroup(groups, keys);
                }
                walkGroup(wire.at() + length, into);
                groups++;
            } else {
                wire.skip(tag, to);
            }
        }
        return !wire.failed();
    }

    private void walkGroup(int end, @Nullable BatchKeys into) {
        RequestOptions options = null;
        while (wire.hasMore(end)) {
            int tag = wire.tag(end);
            switch (tag) {
                case TAG_DATASET -> {
                    int length = wire.length(end);
                    if (into != null) {
                        into.dataset(groups, wire.at(), length);
                    }
                    wire.moveTo(wire.at() + length);
                }
                case TAG_KEYS -> {
                    int length = wire.length(end);
                    if (into != null) {
                        into.key(keys, wire.at(), length);
                    }
                    keys++;
                    wire.moveTo(wire.at() + length);
                }
                case TAG_OPTIONS -> {
                    if (options == null) {
                        options = new RequestOptions();
                    }
                    int length = wire.length(end);
                    options.merge(wire, wire.at() + length);
                    if (into != null) {
                        into.options(groups, options);
                    }
                }
                default -> wire.skip(tag, end);
            }
        }
    }
}
