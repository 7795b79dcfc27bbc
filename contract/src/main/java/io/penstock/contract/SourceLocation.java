package io.penstock.contract;

/**
 * Where something is written.
 *
 * @param file the {@code .proto} file as imports name it
 * @param line counted from 1; 0 if the descriptors do not say
 */
public record SourceLocation(String file, int line) {
    /** {@code shop/orders.proto:12}, or the file alone. */
    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line;
    }
}
