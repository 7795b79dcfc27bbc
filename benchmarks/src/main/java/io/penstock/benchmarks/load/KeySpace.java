package io.penstock.benchmarks.load;

import io.penstock.benchmarks.BenchmarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The encoded keys a run asks for, by index. Thread-safe. */
public interface KeySpace {
    /** How many keys there are, 1 to {@code Integer.MAX_VALUE}. */
    int size();

    /** The key at an index from 0 to {@code size() − 1}. */
    String key(int index);

    /** For the conditions of a report; holds no key. */
    String describe();

    /** The decimal numbers from {@code first} to {@code last}, both included. */
    static KeySpace range(long first, long last) {
        if (last < first || last - first >= Integer.MAX_VALUE) {
            throw new IllegalArgumentException("key range: " + first + ".." + last
                    + " (expected: first..last with at most " + Integer.MAX_VALUE + " numbers)");
        }
        return new KeySpace() {
            @Override
            public int size() {
                return (int) (last - first + 1);
            }

            @Override
            public String key(int index) {
                return Long.toString(first + index);
            }

            @Override
            public String describe() {
                return size() + " integer keys";
            }
        };
    }

    /**
     * The lines of a UTF-8 file, empty ones left out; held in memory.
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
        return new KeySpace() {
            @Override
            public int size() {
                return keys.size();
            }

            @Override
            public String key(int index) {
                return keys.get(index);
            }

            @Override
            public String describe() {
                return keys.size() + " keys of a file";
            }
        };
    }
}
