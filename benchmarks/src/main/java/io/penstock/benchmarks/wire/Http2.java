package io.penstock.benchmarks.wire;

/** The numbers of HTTP/2 (RFC 9113) that a caller of unary methods needs. */
final class Http2 {
    /*
     * A frame:
     *
     *   0      3      4       5            9
     *   | length | type | flags | stream id | payload …
     */
    static final int LENGTH_OFFSET = 0;
    static final int TYPE_OFFSET = 3;
    static final int FLAGS_OFFSET = 4;
    static final int STREAM_OFFSET = 5;
    static final int HEADER_BYTES = 9;

    /** What a peer may send until told otherwise; this client never tells otherwise. */
    static final int FRAME_BYTES_MAX = 16_384;

    static final int WINDOW_DEFAULT = 65_535;
    static final int STREAM_ID_MAX = Integer.MAX_VALUE;

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int ACK = 0x1;
    static final int END_STREAM = 0x1;
    static final int END_HEADERS = 0x4;
    static final int PADDED = 0x8;
    static final int PRIORITY = 0x20;

    static final int SETTING_HEADER_TABLE_SIZE = 1;
    static final int SETTING_ENABLE_PUSH = 2;
    static final int SETTING_MAX_CONCURRENT_STREAMS = 3;
    static final int SETTING_INITIAL_WINDOW_SIZE = 4;
    static final int SETTING_MAX_FRAME_SIZE = 5;
    static final int SETTING_BYTES = 6;

    static final int REFUSED_STREAM = 0x7;
    static final int CANCEL = 0x8;
    static final int ENHANCE_YOUR_CALM = 0xb;

    private Http2() {}
}
