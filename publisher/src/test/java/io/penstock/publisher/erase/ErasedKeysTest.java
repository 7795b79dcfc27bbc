package io.penstock.publisher.erase;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.penstock.storage.v1.Erasure;
import io.penstock.store.catalog.ErasedHashes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ErasedKeysTest {
    private static final ByteString HASH_KEY = ErasedKeys.newHashKey(new Random(7));

    private static byte[] key(int number) {
        return ("customer-" + number).getBytes(StandardCharsets.UTF_8);
    }

    private static ErasedKeys erased(ByteString hashKey, List<byte[]> keys) {
        TreeSet<ByteString> hashes = new TreeSet<>(ByteString.unsignedLexicographicalComparator());
        hashes.addAll(ErasedKeys.hashes(hashKey, keys));
        return ErasedKeys.of(Erasure.newBuilder()
                .setHashKey(hashKey)
                .setHashes(ByteString.copyFrom(hashes))
                .build());
    }

    @Test
    void knowsTheErasedKeysAndNoOthers() {
        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < ErasedHashes.KEYS_MAX; i++) {
            keys.add(key(i));
        }
        ErasedKeys erased = erased(HASH_KEY, keys);

        assertThat(erased.size()).isEqualTo(ErasedHashes.KEYS_MAX);
        for (int i = 0; i < 100_000; i++) {
            assertThat(erased.contains(key(i))).isEqualTo(i < ErasedHashes.KEYS_MAX);
        }
        assertThat(ErasedKeys.NONE.contains(key(1))).isFalse();
    }

    @Test
    void hashesAsTheStoredFormSays() {
        byte[] hashKey = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        assertThat(ErasedKeys.hashes(ByteString.copyFrom(hashKey), List.of(key(17))))
                .singleElement()
                .satisfies(hash ->
                        assertThat(HexFormat.of().formatHex(hash.toByteArray())).endsWith("62959d458c2ea075"));
    }

    @Test
    void theSameKeyHasAnotherHashUnderAnotherHashKey() {
        ByteString other = ErasedKeys.newHashKey(new Random(8));
        assertThat(ErasedKeys.hashes(HASH_KEY, List.of(key(1))))
                .doesNotContainAnyElementsOf(ErasedKeys.hashes(other, List.of(key(1))));
        assertThat(HASH_KEY.size()).isEqualTo(ErasedHashes.HASH_KEY_BYTES);
    }
}
