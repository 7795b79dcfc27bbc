package io.penstock.serving.read.codec;

/**
 * Where names and keys of a batch are, relative to the request's first byte, so that they hold in a copy of it too.
 * Keys are numbered over all groups. Confined to one loop; hot.
 */
public final class BatchKeys {
    private final int origin;
    private final int groups;
    private final int[] firstKeys;
    private final int[] datasets;
    private final RequestOptions[] options;
    private final int[] keys;
    private final int keyCount;

    BatchKeys(int origin, int groups, int keys) {
        this.origin = origin;
        this.groups = groups;
        this.firstKeys = new int[groups + 1];
        this.datasets = new int[2 * groups];
        this.options = new RequestOptions[groups];
        this.keys = new int[2 * keys];
        this.keyCount = keys;
    }

    void startGroup(int group, int firstKey) {
        firstKeys[group] = firstKey;
        options[group] = RequestOptions.NONE;
    }

    void endGroups() {
        firstKeys[groups] = keyCount;
    }

    void dataset(int group, int offset, int length) {
        datasets[2 * group] = offset - origin;
        datasets[2 * group + 1] = length;
    }

    void options(int group, RequestOptions some) {
        options[group] = some;
    }

    void key(int key, int offset, int length) {
        keys[2 * key] = offset - origin;
        keys[2 * key + 1] = length;
    }

    public int groups() {
        return groups;
    }

    public int keys() {
        return keyCount;
    }

    /** The number of the group's first key; its last is before the next group's first. */
    public int firstKey(int group) {
        return firstKeys[group];
    }

    /** The number after the group's last key. */
    public int endKey(int group) {
        return firstKeys[group + 1];
    }

    public int datasetOffset(int group) {
        return datasets[2 * group];
    }

    public int datasetLength(int group) {
        return datasets[2 * group + 1];
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
