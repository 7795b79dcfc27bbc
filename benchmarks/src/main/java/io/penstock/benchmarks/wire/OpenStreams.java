package io.penstock.benchmarks.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one connection that were not answered yet. Hot: stream ids only grow, so those that are open lie in a
 * window, and the window is a ring of arrays: finding a call is one index, and a call makes no object.
 */
final class OpenStreams {
    private static final int SLOTS_FIRST = 256;

    private int[] ids = new int[SLOTS_FIRST];
    private long[] dues = new long[SLOTS_FIRST];
    private long[] expiries = new long[SLOTS_FIRST];
    private int[] statuses = new int[SLOTS_FIRST];
    private boolean[] answered = new boolean[SLOTS_FIRST];
    private @Nullable ByteBuf[] begun = new ByteBuf[SLOTS_FIRST];

    private int oldest = 1;
    private int next = 1;
    private int size;

    int size() {
        return size;
    }

    /** The id the next call will have; negative when there are no more. */
    int nextId() {
        return next;
    }

    /** Opens the call of {@link #nextId()}. */
    void open(long due, long expiry) {
        while (ids[index(next)] != 0) {
            grow();
        }
        int slot = index(next);
        ids[slot] = next;
        dues[slot] = due;
        expiries[slot] = expiry;
        statuses[slot] = AnswerHeaders.NO_STATUS;
        answered[slot] = false;
        next += 2;
        size++;
    }

    /** Where an open call is; −1 for any other. Good until the next {@link #open}. */
    int slot(int streamId) {
        int slot = index(streamId);
        return streamId != 0 && ids[slot] == streamId ? slot : -1;
    }

    /** Where the oldest call is, if it expired; else −1. */
    int expired(long now) {
        for (; oldest != next; oldest += 2) {
            int slot = slot(oldest);
            if (slot >= 0) {
                return expiries[slot] - now <= 0 ? slot : -1;
            }
        }
        return -1;
    }

    /** Where any call above {@code streamId} is; −1 without one. */
    int anyAbove(int streamId) {
        for (int slot = 0; slot < ids.length; slot++) {
            if (ids[slot] > streamId) {
                return slot;
            }
        }
        return -1;
    }

    void close(int slot) {
        ids[slot] = 0;
        size--;
        ByteBuf message = begun[slot];
        if (message != null) {
            begun[slot] = null;
            message.release();
        }
    }

    int id(int slot) {
        return ids[slot];
    }

    long due(int slot) {
        return dues[slot];
    }

    /** Whether the whole message has come. */
    boolean isAnswered(int slot) {
        return answered[slot];
    }

    void setAnswered(int slot) {
        answered[slot] = true;
    }

    /** What the response headers said, without which a stream that just ends has no status. */
    int status(int slot) {
        return statuses[slot];
    }

    void setStatus(int slot, int status) {
        statuses[slot] = status;
    }

    /** What has come of a message that spans frames. */
    @Nullable
    ByteBuf begun(int slot) {
        return begun[slot];
    }

    void setBegun(int slot, ByteBuf message) {
        begun[slot] = message;
    }

    private int index(int streamId) {
        return (streamId >>> 1) & (ids.length - 1);
    }

    private void grow() {
        int[] olderIds = ids;
        long[] olderDues = dues;
        long[] olderExpiries = expiries;
        int[] olderStatuses = statuses;
        boolean[] olderAnswered = answered;
        @Nullable ByteBuf[] olderBegun = begun;
        int slots = olderIds.length * 2;
        ids = new int[slots];
        dues = new long[slots];
        expiries = new long[slots];
        statuses = new int[slots];
        answered = new boolean[slots];
        begun = new ByteBuf[slots];
        for (int from = 0; from < olderIds.length; from++) {
            int id = olderIds[from];
            if (id != 0) {
                int to = index(id);
                ids[to] = id;
                dues[to] = olderDues[from];
                expiries[to] = olderExpiries[from];
                statuses[to] = olderStatuses[from];
                answered[to] = olderAnswered[from];
                begun[to] = olderBegun[from];
            }
        }
    }
}
