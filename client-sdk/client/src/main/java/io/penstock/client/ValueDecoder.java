package io.penstock.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

/**
 * Reads a stored value. Called on the caller's thread by blocking reads and on the client's executor by others; must not
 * block and must be thread-safe.
 */
@FunctionalInterface
public interface ValueDecoder<T> {
    /**
     * Returns the value, never null.
     *
     * @throws InvalidProtocolBufferException if the bytes are not one; the row then counts as failed
     */
    T decode(ByteString value) throws InvalidProtocolBufferException;
}
