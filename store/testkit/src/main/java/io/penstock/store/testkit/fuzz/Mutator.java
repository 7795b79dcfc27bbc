package io.penstock.store.testkit.fuzz;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes wrong input out of valid input: one to four changes, and now and then none of it but noise. */
final class Mutator {
    private static final int NOISE_BYTES_MAX = 64;
    private static final int REPEATED_BYTES_MAX = 64 << 10;
    private static final int[] EDGES = {0, 1, 0x7F, 0x80, 0xFF};

    /** Claimed sizes: a varint's, from what one byte holds to what no array can. */
    private static final long[] SIZES = {
        127, 65_535, 1 << 24, 1 << 28, Integer.MAX_VALUE, 1L << 31, 1L << 32, Long.MAX_VALUE, -1, Long.MIN_VALUE
    };

    private final List<byte[]> words;

    /** @param words what is inserted, beside bytes */
    Mutator(List<byte[]> words) {
        this.words = List.copyOf(words);
    }

    byte[] mutate(List<byte[]> valid, RandomGenerator random) {
        if (random.nextInt(50) == 0) {
            return noise(random, NOISE_BYTES_MAX);
        }
        byte[] bytes = pick(valid, random);
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            bytes = change(bytes, valid, random);
        }
        return bytes;
    }

    private byte[] change(byte[] bytes, List<byte[]> valid, RandomGenerator random) {
        int at = random.nextInt(bytes.length + 1);
        int end = at + random.nextInt(Math.min(bytes.length - at, NOISE_BYTES_MAX) + 1);
        return switch (random.nextInt(10)) {
            case 0, 1 -> flip(bytes, random);
            case 2 -> overwrite(bytes, at, EDGES[random.nextInt(EDGES.length)]);
            case 3 -> Arrays.copyOf(bytes, at);
            case 4 -> replace(bytes, at, at, claim(random));
            case 5 -> replace(bytes, at, end, claim(random));
            case 6 -> replace(bytes, at, end, noise(random, NOISE_BYTES_MAX));
            case 7 -> splice(bytes, at, pick(valid, random), random);
            case 8 -> repeat(bytes, at, end, random);
            default ->
                words.isEmpty()
                        ? replace(bytes, at, end, new byte[0])
                        : replace(bytes, at, random.nextBoolean() ? at : end, pick(words, random));
        };
    }

    private static byte[] flip(byte[] bytes, RandomGenerator random) {
        byte[] flipped = bytes.clone();
        if (bytes.length > 0) {
            flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private static byte[] overwrite(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        if (at < bytes.length) {
            changed[at] = (byte) value;
        }
        return changed;
    }

    /** A size that is not there, as a varint. */
    private static byte[] claim(RandomGenerator random) {
        long rest = SIZES[random.nextInt(SIZES.length)];
        ByteBuffer varint = ByteBuffer.allocate(10);
        for (; (rest & ~0x7FL) != 0; rest >>>= 7) {
            varint.put((byte) (rest | 0x80));
        }
        varint.put((byte) rest);
        return Arrays.copyOf(varint.array(), varint.position());
    }

    private static byte[] splice(byte[] head, int at, byte[] tail, RandomGenerator random) {
        int from = random.nextInt(tail.length + 1);
        return replace(head, at, head.length, Arrays.copyOfRange(tail, from, tail.length));
    }

    /** A few times, or so often that it nests deeply or is large. */
    private static byte[] repeat(byte[] bytes, int at, int end, RandomGenerator random) {
        int length = end - at;
        int times = random.nextInt(10) == 0 ? REPEATED_BYTES_MAX / Math.max(1, length) : 1 + random.nextInt(3);
        byte[] repeated = new byte[length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(bytes, at, repeated, i * length, length);
        }
        return replace(bytes, at, at, repeated);
    }

    private static byte[] replace(byte[] bytes, int from, int to, byte[] with) {
        byte[] replaced = new byte[bytes.length - (to - from) + with.length];
        System.arraycopy(bytes, 0, replaced, 0, from);
        System.arraycopy(with, 0, replaced, from, with.length);
        System.arraycopy(bytes, to, replaced, from + with.length, bytes.length - to);
        return replaced;
    }

    private static byte[] noise(RandomGenerator random, int bytesMax) {
        byte[] noise = new byte[random.nextInt(bytesMax + 1)];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] pick(List<byte[]> from, RandomGenerator random) {
        return from.get(random.nextInt(from.size()));
    }
}
