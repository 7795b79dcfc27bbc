package io.penstock.publisher.convert;

import java.io.IOException;

/** Writes the body of one message type from one SQL value that is not null. */
@FunctionalInterface
interface BodyWriter {
    void write(Object value, Output out) throws IOException;
}
