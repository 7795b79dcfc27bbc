package io.penstock.serving.view;

import com.google.protobuf.Timestamp;

/** Protobuf's times as milliseconds. */
final class Timestamps {
    private Timestamps() {}

    static long toMillis(Timestamp timestamp) {
        return timestamp.getSeconds() * 1_000 + timestamp.getNanos() / 1_000_000;
    }
}
