package io.penstock.serving.read.codec;

/**
 * Walks a {@code GetRequest}; step 1 of the read path, and hot. The result stands in the decoder until the next call:
 * where name and key are, and the options if there are any. Confined to one loop.
 */
public final class GetRequestDecoder {
    private static final int TAG_DATASET = 1 << 3 | 2;
    private static final int TAG_KEY = 2 << 3 | 2;
    private static final int TAG_OPTIONS = 3 << 3 | 2;

    private final WireReader wire = new WireReader();
    private final RequestOptions some = new RequestOptions();

    private int datasetOffset;
    private int datasetLength;
    private int keyOffset;
    private int keyLength;
    private RequestOptions options = RequestOptions.NONE;

    /** Decodes the request that ends at {@code to}; false if it is none. Unknown fields are skipped. */
    public boolean decode(byte[] bytes, int from, int to) {
        datasetOffset = from;
        datasetLength = 0;
        keyOffset = from;
        keyLength = 0;
        options = RequestOptions.NONE;
        wire.reset(bytes, from);
        while (wire.hasMore(to)) {
            int tag = wire.tag(to);
            switch (tag) {
                case TAG_DATASET -> {
                    datasetLength = wire.length(to);
                    datasetOffset = wire.at();
                    wire.moveTo(datasetOffset + datasetLength);
                }
                case TAG_KEY -> {
                    keyLength = wire.length(to);
                    keyOffset = wire.at();
                    wire.moveTo(keyOffset + keyLength);
                }
                case TAG_OPTIONS -> decodeOptions(to);
                default -> wire.skip(tag, to);
            }
        }
        return !wire.failed();
    }

    private void decodeOptions(int to) {
        if (options == RequestOptions.NONE) {
            some.clear();
            options = some;
        }
        int length = wire.length(to);
        options.merge(wire, wire.at() + length);
    }

    /** Where the dataset's name starts, as an index of the array that was decoded. */
    public int datasetOffset() {
        return datasetOffset;
    }

    public int datasetLength() {
        return datasetLength;
    }

    /** Where the key starts, as an index of the array that was decoded. */
    public int keyOffset() {
        return keyOffset;
    }

    public int keyLength() {
        return keyLength;
    }

    /** Valid until the next call; {@link RequestOptions#NONE} if the request has none. */
    public RequestOptions options() {
        return options;
    }
}
