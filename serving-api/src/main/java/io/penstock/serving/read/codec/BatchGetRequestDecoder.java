package io.penstock.serving.read.codec;

import java.util.Arrays;

/**
 * Walks a {@code BatchGetRequest} and notes where names and keys are, in arrays that are used again and never grow beyond
 * what a batch may have, whatever a request claims. Step 1 of the read path, and hot. Confined to one loop.
 */
public final class BatchGetRequestDecoder {
    private static final int TAG_GROUPS = 1 << 3 | 2;
    private static final int TAG_DATASET = 1 << 3 | 2;
    private static final int TAG_KEYS = 2 << 3 | 2;
    private static final int TAG_OPTIONS = 3 << 3 | 2;

    private static final int FIRST_CAPACITY = 64;

    private final WireReader wire = new WireReader();
    private final int placesMax;

    private int from;
    private int groups;
    private int keys;
    /** Offset and length of each key. */
    private int[] keyPlaces = new int[2 * FIRST_CAPACITY];
    /** First key, and offset and length of the dataset's name, of each group. */
    private int[] groupPlaces = new int[3 * FIRST_CAPACITY];

    private RequestOptions[] options = new RequestOptions[FIRST_CAPACITY];

    /** @param placesMax keys, and groups, beyond so many are counted and not noted */
    public BatchGetRequestDecoder(int placesMax) {
        this.placesMax = placesMax;
    }

    /** Walks the request that ends at {@code to}; false if it is none. */
    public boolean walk(byte[] bytes, int requestFrom, int to) {
        from = requestFrom;
        groups = 0;
        keys = 0;
        wire.reset(bytes, requestFrom);
        while (wire.hasMore(to)) {
            int tag = wire.tag(to);
            if (tag == TAG_GROUPS) {
                int length = wire.length(to);
                startGroup();
                walkGroup(wire.at() + length);
                groups++;
            } else {
                wire.skip(tag, to);
            }
        }
        return !wire.failed();
    }

    /** How many groups the request has. */
    public int groups() {
        return groups;
    }

    /** How many keys the request has, over all groups. */
    public int keys() {
        return keys;
    }

    /** What was noted: of a request that has no more keys and groups than may be noted. */
    public BatchKeys places() {
        return new BatchKeys(
                Arrays.copyOf(groupPlaces, 3 * groups),
                Arrays.copyOf(options, groups),
                Arrays.copyOf(keyPlaces, 2 * keys));
    }

    private void walkGroup(int end) {
        RequestOptions some = null;
        while (wire.hasMore(end)) {
            int tag = wire.tag(end);
            switch (tag) {
                case TAG_KEYS -> {
                    int length = wire.length(end);
                    noteKey(wire.at(), length);
                    wire.moveTo(wire.at() + length);
                }
                case TAG_DATASET -> {
                    int length = wire.length(end);
                    noteDataset(wire.at(), length);
                    wire.moveTo(wire.at() + length);
                }
                case TAG_OPTIONS -> {
                    if (some == null) {
                        some = new RequestOptions();
                        noteOptions(some);
                    }
                    int length = wire.length(end);
                    some.merge(wire, wire.at() + length);
                }
                default -> wire.skip(tag, end);
            }
        }
    }

    private void startGroup() {
        if (groups >= placesMax) {
            return;
        }
        if (groups == options.length) {
            int capacity = Math.min(2 * groups, placesMax);
            options = Arrays.copyOf(options, capacity);
            groupPlaces = Arrays.copyOf(groupPlaces, 3 * capacity);
        }
        options[groups] = RequestOptions.NONE;
        groupPlaces[3 * groups] = keys;
        noteDataset(from, 0);
    }

    private void noteDataset(int offset, int length) {
        if (groups < placesMax) {
            groupPlaces[3 * groups + 1] = offset - from;
            groupPlaces[3 * groups + 2] = length;
        }
    }

    private void noteOptions(RequestOptions some) {
        if (groups < placesMax) {
            options[groups] = some;
        }
    }

    private void noteKey(int offset, int length) {
        if (keys < placesMax) {
            if (2 * keys == keyPlaces.length) {
                keyPlaces = Arrays.copyOf(keyPlaces, 2 * Math.min(2 * keys, placesMax));
            }
            keyPlaces[2 * keys] = offset - from;
            keyPlaces[2 * keys + 1] = length;
        }
        keys++;
    }
}
