package io.penstock.benchmarks.load;

import io.penstock.benchmarks.BenchmarkException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The encoded keys a run asks for, by index, and as many keys that have no row. Thread-safe. */
public interface KeySpace {
    /** How many keys there are, 1 to {@code Integer.MAX_VALUE}. */
    int size();

    /** The bytes of the longest key, absent ones included. */
    int keyBytesMax();

    /**
     * Writes the key at an index from 0 to {@code size() − 1}; makes no object.
     *
     * @param absent write one that has no row instead
     * @return where the key ends in {@code target}
     */
    int write(int index, boolean absent, byte[] target, int offset);

    /** For the conditions of a report; holds no key. */
    String describe();

    /** The key at an index, for people. */
    default String key(int index) {
        byte[] key = new byte[keyBytesMax()];
        return new String(key, 0, write(index, false, key, 0), StandardCharsets.UTF_8);
    }

    /** The decimal numbers from {@code first} to {@code last}, both included; the numbers after it are absent. */
    static KeySpace range(long first, long last) {
        if (first < 0 || last < first || last - first >= Integer.MAX_VALUE) {
            throw new IllegalArgumentException("key range: " + first + ".." + last
                    + " (expected: first..last, from 0, with at most " + Integer.MAX_VALUE + " numbers)");
        }
        return new NumberedKeys(first, (int) (last - first + 1));
    }

    /**
     * The lines of a UTF-8 file, empty ones left out; held in memory. A key with {@code ~} at its end is absent.
     *
     * @throws BenchmarkException {@code INVALID_OPTIONS} if it cannot be read or holds no key
     */
    static KeySpace file(Path file) {
        List<String> keys;
        try (Stream<String> lines = Files.lines(file)) {
            keys = lines.filter(line -> !line.isEmpty()).toList();
        } catch (IOException e) {
            throw new BenchmarkException(
                    BenchmarkException.Code.INVALID_OPTIONS, "key file " + file + " cannot be read", e);
        }
        if (keys.isEmpty()) {
            throw new BenchmarkException(
                    BenchmarkException.Code.INVALID_OPTIONS, "key file " + file + " holds no key", null);
        }
        return new ListedKeys(
                keys.stream().map(key -> key.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new));
    }

    /** Numbers in decimal. */
    record NumberedKeys(long first, int size) implements KeySpace {
        @Override
        public int keyBytesMax() {
            return digits(first + 2L * size);
        }

        @Override
        public int write(int index, boolean absent, byte[] target, int offset) {
            long number = first + index + (absent ? size : 0);
            int end = offset + digits(number);
            for (int at = end - 1; at >= offset; at--) {
                target[at] = (byte) ('0' + number % 10);
                number /= 10;
            }
            return end;
        }

        @Override
        public String describe() {
            return size + " integer keys";
        }

        private static int digits(long number) {
            int digits = 1;
            for (long rest = number; rest >= 10; rest /= 10) {
                digits++;
            }
            return digits;
        }
    }

    /** Keys of a file. */
    final class ListedKeys implements KeySpace {
        private static final byte ABSENT_MARK = '~';

        private final byte[][] keys;
        private final int keyBytesMax;

        private ListedKeys(byte[][] keys) {
            this.keys = keys;
            this.keyBytesMax =
                    1 + Arrays.stream(keys).mapToInt(key -> key.length).max().orElse(0);
        }

        @Override
        public int size() {
            return keys.length;
        }

        @Override
        public int keyBytesMax() {
            return keyBytesMax;
        }

        @Override
        public int write(int index, boolean absent, byte[] target, int offset) {
            byte[] key = keys[index];
            System.arraycopy(key, 0, target, offset, key.length);
            int end = offset + key.length;
            if (absent) {
                target[end++] = ABSENT_MARK;
            }
            return end;
        }

        @Override
        public String describe() {
            return keys.length + " keys of a file";
        }
    }
}
