package io.penstock.publisher.stored;

import static io.penstock.publisher.testing.TestNamespace.dataset;
import static io.penstock.publisher.testing.TestNamespace.items;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.publisher.Publisher;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.testing.TestContracts;
import io.penstock.publisher.testing.TestNamespace;
import io.penstock.publisher.testing.TestRows;
import io.penstock.storage.v1.Mode;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobKind;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.blob.Seal;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Blobs whose seal is right and whose content is not, under everything that reads a version before it makes the next. */
class StoredVersionFuzzTest {
    private final TestNamespace namespace = new TestNamespace();

    @ParameterizedTest
    @EnumSource(
            value = BlobKind.class,
            names = {"MANIFEST", "CHUNK", "DIGEST", "BUCKET"})
    void isReadOrRefused(BlobKind kind) throws Exception {
        namespace.publish("items", items(60, 20));
        namespace.publish("items", items(70, 20));
        BlobAddress address = namespace.blobs().stream()
                .filter(each -> each.kind() == kind
                        && each.generation() == namespace.entry("items").getCurrent())
                .min((one, other) -> Long.compare(one.number(), other.number()))
                .orElseThrow();
        try (BlobWriter blobs = namespace.memory.openWriter();
                Publisher publisher = namespace.publisher().build()) {
            byte[] sealed = Objects.requireNonNull(
                    Await.stage(blobs.get(List.of(address))).get(0));
            Fuzz.bytes(kind.label(), List.of(Arrays.copyOf(sealed, sealed.length - Seal.BYTES)))
                    .allocatingAtMost(64 << 20)
                    .run(100, body -> {
                        Await.stage(blobs.delete(List.of(address)));
                        Await.stage(blobs.put(List.of(Blob.of(address, body))));
                        refusedAtMost(publisher, each -> each.audit(dataset("items"), OptionalLong.empty()));
                        refusedAtMost(publisher, each -> each.compare(dataset("items"), 1, 2, row -> {}));
                        refusedAtMost(
                                publisher,
                                each -> each.history(dataset("items"), "key-3".getBytes(StandardCharsets.UTF_8)));
                        refusedAtMost(publisher, each -> each.plan(TestNamespace.publication("items", items(70, 21))));
                        refusedAtMost(
                                publisher,
                                each -> each.plan(TestNamespace.publication(
                                                TestContracts.of("items"), TestRows.of(Map.of("key-3", "x")))
                                        .mode(Mode.MODE_UPSERT)
                                        .build()));
                    });
        }
    }

    private static void refusedAtMost(Publisher publisher, Consumer<Publisher> what) {
        try {
            what.accept(publisher);
        } catch (PublisherException e) {
            assertThat(e.category()).as(e.toString()).isNotEqualTo(Category.INTERNAL);
        }
    }
}
