package io.penstock.store.lmdb;

import io.penstock.store.StoreException;
import io.penstock.store.StoreUrl;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a URL says.
 *
 * @param url redacted
 * @param directory absolute
 * @param mapSizeBytes the most bytes the store may hold; empty means {@link #MAP_SIZE_DEFAULT_BYTES}, or as much less as
 *     the system allows
 * @param readersMax how many event loops and other readers of all processes together may have the store open
 */
record LmdbConfig(String url, Path directory, OptionalLong mapSizeBytes, int readersMax) {
    /** 1 TiB of address space; the file is only as large as what was written. */
    static final long MAP_SIZE_DEFAULT_BYTES = 1L << 40;

    static final long MAP_SIZE_MIN_BYTES = 8L << 20;
    static final long MAP_SIZE_MAX_BYTES = 1L << 46;
    static final int READERS_DEFAULT = 1_024;
    static final int READERS_MAX = 65_536;

    private static final String MAP_SIZE = "map_size";
    private static final String MAX_READERS = "max_readers";

    /** A multiple of every page size in use. */
    private static final long GRAIN = 64 << 10;

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,14})(KiB|MiB|GiB|TiB)?");
    private static final Map<String, Integer> SHIFTS = Map.of("KiB", 10, "MiB", 20, "GiB", 30, "TiB", 40);

    static LmdbConfig of(StoreUrl url) {
        url.requireOptions(Set.of(MAP_SIZE, MAX_READERS));
        String mapSize = url.options().get(MAP_SIZE);
        String readers = url.options().get(MAX_READERS);
        return new LmdbConfig(
                url.redacted(),
                directory(url.rest()),
                mapSize == null ? OptionalLong.empty() : OptionalLong.of(parseMapSize(mapSize)),
                readers == null ? READERS_DEFAULT : parseReaders(readers));
    }

    private static Path directory(String text) {
        if (text.isBlank()) {
            throw invalid("store URL: 'lmdb:' names no directory (expected: lmdb:./path)");
        }
        try {
            return Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw invalid("store URL: '" + text + "' is not a path (expected: lmdb:./path)");
        }
    }

    private static long parseMapSize(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (matcher.matches()) {
            int shift = matcher.group(2) == null ? 0 : SHIFTS.getOrDefault(matcher.group(2), 0);
            long count = Long.parseLong(matcher.group(1));
            if (count <= MAP_SIZE_MAX_BYTES >> shift) {
                long bytes = (count << shift) + GRAIN - 1 & -GRAIN;
                if (bytes >= MAP_SIZE_MIN_BYTES) {
                    return bytes;
                }
            }
        }
        throw invalid("store URL option map_size: '" + text + "' (expected: 8MiB to 64TiB, such as 64GiB)");
    }

    private static int parseReaders(String text) {
        if (text.matches("[0-9]{1,5}")) {
            int readers = Integer.parseInt(text);
            if (readers >= 16 && readers <= READERS_MAX) {
                return readers;
            }
        }
        throw invalid("store URL option max_readers: '" + text + "' (expected: 16 to " + READERS_MAX + ")");
    }

    private static StoreException invalid(String message) {
        return new StoreException(StoreException.Code.INVALID_URL, message);
    }
}
