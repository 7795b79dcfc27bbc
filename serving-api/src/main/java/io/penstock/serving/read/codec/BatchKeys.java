package io.penstock.serving.read.codec;

/**
 * Where names and keys of a batch are, relative to the request's first byte, so that they hold in a copy of it too.
 * Keys are numbered over all groups. Confined to one loop; hot.
 */
public final class BatchKeys {
    /** First key, and offset and length of the dataset's name, of each group. */
    private final int[] groups;

    private final RequestOptions[] options;
    /** Offset and length of each key. */
    private final int[] keys;

    BatchKeys(int[] groups, RequestOptions[] options, int[] keys) {
        this.groups = groups;
        this.options = options;
        this.keys = keys;
    }

    public int groups() {
        return options.length;
    }

    public int keys() {
        return keys.length / 2;
    }

    /** The number of the group's first key; its last is before the next group's first. */
    public int firstKey(int group) {
        return groups[3 * group];
    }

    /** The number after the group's last key. */
    public int endKey(int group) {
        return group + 1 == options.length ? keys() : firstKey(group + 1);
    }

    public int datasetOffset(int group) {
        return groups[3 * group + 1];
    }

    public int datasetLength(int group) {
        return groups[3 * group + 2];
    }

    /** {@link RequestOptions#NONE} if the group has none. */
    public RequestOptions options(int group) {
        return options[group];
    }

    public int keyOffset(int key) {
        return keys[2 * key];
    }

    public int keyLength(int key) {
        return keys[2 * key + 1];
    }
}
