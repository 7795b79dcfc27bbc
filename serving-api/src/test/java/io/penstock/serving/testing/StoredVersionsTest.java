package io.penstock.serving.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.v1.Manifest;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.Seal;
import io.penstock.store.memory.MemoryStore;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StoredVersionsTest {
    private static final String ITEMS = "items.v1";

    @Test
    void writesOnlyTheBucketsThatChanged() throws Exception {
        try (MemoryStore store = new MemoryStore();
                StoredVersions versions = StoredVersions.in(store, "default")) {
            long first = versions.publish(VersionDraft.of(ITEMS).rows(50, "a"));
            long second = versions.publish(VersionDraft.of(ITEMS).rows(50, "a").row("k7", "b"));

            assertThat(versions.bucketGeneration(second, "k7")).isEqualTo(second);
            assertThat(versions.blobsOf(ITEMS, second))
                    .filteredOn(address -> address.generation() == first)
                    .isNotEmpty();
            assertThat(versions.entry(ITEMS).getCurrent()).isEqualTo(second);
            BlobAddress address = BlobAddress.manifest(versions.id(ITEMS), second);
            byte[] sealed = Objects.requireNonNull(versions.get(address));
            assertThat(Seal.verify(ByteBuffer.wrap(sealed), address.keyNameBytes()))
                    .isTrue();
            Manifest manifest = Manifest.parseFrom(ByteBuffer.wrap(sealed, 0, sealed.length - Seal.BYTES));
            assertThat(manifest.getNumber()).isEqualTo(2);
            assertThat(manifest.getRows()).isEqualTo(50);
        }
    }
}
