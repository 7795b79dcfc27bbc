package io.penstock.store.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.store.DatasetId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobAddressTest {
    private static final DatasetId DATASET = new DatasetId("growth", "customer-360.v1");

    @Test
    void writesTheKeyNameThatOtherLanguagesRead() {
        assertThat(BlobAddress.bucket(DATASET, 0xabcL, 1_073_741_823L).keyName())
                .isEqualTo("penstock:growth:bucket:customer-360.v1:0000000000000abc:1073741823");
        assertThat(BlobAddress.manifest(DATASET, -1L).keyName())
                .isEqualTo("penstock:growth:manifest:customer-360.v1:ffffffffffffffff:0");
    }

    @Test
    void readsBackEveryKeyNameItWrites() {
        for (BlobKind kind : BlobKind.values()) {
            BlobAddress address = new BlobAddress(kind, DATASET, 0x8000_0000_0000_0001L, 10);
            assertThat(BlobAddress.parse(address.keyName())).contains(address);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "penstock:{growth}:catalog",
                "penstock:growth:bucket:x.v1:0000000000000000:1",
                "penstock:growth:bucket:x.v1:ABCDEF0123456789:1",
                "penstock:growth:bucket:x.v1:abcdef0123456789:-1",
                "penstock:growth:other:x.v1:abcdef0123456789:1",
                "penstock:growth:bucket:x.v1:abcdef0123456789:1:2"
            })
    void takesNothingElseForAnAddress(String keyName) {
        assertThat(BlobAddress.parse(keyName)).isEmpty();
    }

    @Test
    void refusesGenerationZero() {
        assertThatThrownBy(() -> BlobAddress.manifest(DATASET, 0)).hasMessage("generation: 0 (expected: not 0)");
    }

    @Test
    void refusesNamesThatWouldBreakKeyNames() {
        assertThatThrownBy(() -> new DatasetId("a:b", "x.v1"))
                .hasMessage("namespace: 'a:b' (expected: 1 to 63 characters of [a-z0-9.-])");
        assertThatThrownBy(() -> new DatasetId("a", "X.v1"))
                .hasMessage("dataset: 'X.v1' (expected: 1 to 128 characters of [a-z0-9.-])");
    }

    @Test
    void aSealTellsEveryFlippedBitAndAWrongAddress() {
        byte[] here = BlobAddress.bucket(DATASET, 5, 1).keyNameBytes();
        byte[] there = BlobAddress.bucket(DATASET, 5, 2).keyNameBytes();
        byte[] sealed = Seal.seal("some body".getBytes(StandardCharsets.UTF_8), here);
        assertThat(Seal.verify(ByteBuffer.wrap(sealed), here)).isTrue();
        assertThat(Seal.verify(ByteBuffer.wrap(sealed), there)).isFalse();
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] damaged = sealed.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(Seal.verify(ByteBuffer.wrap(damaged), here)).isFalse();
        }
        assertThat(Seal.verify(ByteBuffer.wrap(new byte[3]), here)).isFalse();
        assertThat(Seal.verify(ByteBuffer.wrap(new byte[0]), here)).isFalse();
    }
}
