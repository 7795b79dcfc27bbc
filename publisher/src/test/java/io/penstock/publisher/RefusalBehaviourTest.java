package io.penstock.publisher;

import static io.penstock.publisher.testing.TestNamespace.START;
import static io.penstock.publisher.testing.TestNamespace.items;
import static io.penstock.publisher.testing.TestNamespace.publication;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import io.penstock.contract.Contract;
import io.penstock.contract.v1.FieldRules;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.testing.TestContracts;
import io.penstock.publisher.testing.TestNamespace;
import io.penstock.publisher.testing.TestRows;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.CheckResult.Verdict;
import io.penstock.storage.v1.Mode;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobKind;
import io.penstock.store.catalog.CatalogCodec;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.catalog.CatalogTransitions;
import io.penstock.store.catalog.WriteId;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.Fault;
import io.penstock.store.testkit.FaultyStore;
import io.penstock.store.testkit.Operation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What may not be published, and that nothing is left of the attempt. */
class RefusalBehaviourTest {
    private static final FieldRules UNIQUE =
            FieldRules.newBuilder().setUnique(true).build();

    private final TestNamespace namespace = new TestNamespace();

    private PublisherException refused(Publication publication) {
        PublisherException e = catchThrowableOfType(PublisherException.class, () -> namespace.publish(publication));
        assertThat(e).isNotNull();
        if (namespace.catalog().read().isPresent()) {
            namespace.assertNothingLeftBehind();
        }
        return e;
    }

    private static Publication.Builder orders(Map<String, String> rows) {
        return publication(TestContracts.of("orders"), TestRows.of(rows));
    }

    @Test
    void refusesNoRows() {
        PublisherException e = refused(orders(Map.of()).build());
        assertThat(e.category()).isEqualTo(Category.REFUSED);
        assertThat(e)
                .hasMessage(
                        "tests/orders.v1: not published: rows-present: 0 rows (expected: >= 1); correct the data, or"
                                + " let it pass with --override CHECK --reason TEXT");
    }

    @Test
    void runsEveryCheckAndNamesAllThatFailed() {
        namespace.publish(publication(
                        TestContracts.of("orders"),
                        TestRows.of(items(1_000, 10)).asOf(START))
                .build());
        TestRows worse =
                TestRows.of(items(500, 10)).nameIsNull(row -> row < 200).asOf(START.minusSeconds(1));

        PublisherException e =
                refused(publication(TestContracts.of("orders"), worse).build());

        assertThat(e)
                .hasMessageContaining("row-count-change: 1000 rows before, 500 now: -50.0 %")
                .hasMessageContaining("null-rate: NULLs rose in name from 0.0 % to 40.0 %")
                .hasMessageContaining("data-as-of: 2026-03-01T00:00:00Z before, 2026-02-28T23:59:59Z now");
        assertThat(namespace.rows("orders")).hasSize(1_000);
    }

    @Test
    void refusesMoreThanTwiceTheRows() {
        namespace.publish(orders(items(100, 10)).build());
        assertThat(refused(orders(items(201, 10)).build())).hasMessageContaining("row-count-change");
        assertThat(namespace.publish(orders(items(200, 10)).build()).outcome()).isEqualTo(Outcome.PUBLISHED);
    }

    @Test
    void letsANamedCheckFailAndAuditsWhy() {
        namespace.publish(orders(items(100, 10)).build());

        PublicationReport report = namespace.publish(orders(items(10, 10))
                .override("row-count-change", "the shop closed")
                .build());

        assertThat(report.manifest().getChecksList())
                .filteredOn(check -> check.getVerdict() == Verdict.VERDICT_OVERRIDDEN)
                .extracting("check")
                .containsExactly("row-count-change");
        assertThat(namespace.catalog().require().catalog().getAuditList())
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.getAction()).isEqualTo("override");
                    assertThat(entry.getDetail()).endsWith("(expected: -20.0 % to +100.0 %); the shop closed");
                });
    }

    @Test
    void refusesTwoRowsWithOneKeyNamingBoth() {
        List<Map.Entry<String, String>> rows =
                List.of(Map.entry("a", "1"), Map.entry("secret", "2"), Map.entry("b", "3"), Map.entry("secret", "4"));
        PublisherException e = refused(
                publication(TestContracts.of("orders"), TestRows.of(rows)).build());
        assertThat(e.code()).isEqualTo("DUPLICATE_KEY");
        assertThat(e)
                .hasMessage("tests/orders.v1: rows 2 and 4 have the same key; the query must give one row a key"
                        + " (--show-keys shows it)");
    }

    @Test
    void refusesRowsThatNoReaderCouldGet() {
        assertThat(refused(orders(Map.of("k".repeat(1_025), "v")).build()).code())
                .isEqualTo("KEY_TOO_LONG");
        assertThat(refused(orders(Map.of("", "v")).build()).code()).isEqualTo("EMPTY_KEY");
        assertThat(refused(orders(Map.of("k", "v".repeat((1 << 20) + 1))).build()))
                .hasMessage("tests/orders.v1: row 1: the row has 1,048,577 bytes (limit: 1,048,576 bytes)");
    }

    @Test
    void refusesAContractThatBreaksReadersOfAnyEarlierOne() {
        namespace.publish(orders(items(10, 10)).build());
        namespace.publish(publication(TestContracts.extended("orders"), TestRows.of(items(10, 10)))
                .build());

        PublisherException e = refused(publication(TestContracts.broken("orders"), TestRows.of(items(10, 10)))
                .build());

        assertThat(e.category()).isEqualTo(Category.REFUSED);
        assertThat(e.code()).isEqualTo("CONTRACT_CHANGED");
        assertThat(e)
                .hasMessageContaining(
                        ": FIELD_WIRE_JSON_COMPATIBLE_TYPE: tests.orders.v1.Item.name was of type string and"
                                + " is of type int64; keep the type, and add another field beside it;")
                .hasMessageContaining(
                        ": PENSTOCK_FIELD_NO_DELETE_UNLESS_DEPRECATED: tests.orders.v1.Item.city (3) is gone"
                                + " and was not deprecated; put it back");
        assertThat(namespace.entry("orders").getLastNumber())
                .as("no number was burnt")
                .isEqualTo(2);
    }

    @Test
    void refusesTwoRowsWithTheSameValueOfAUniqueField() {
        Contract contract = TestContracts.checked("orders", UNIQUE);
        Map<String, String> rows = new TreeMap<>();
        rows.put("a", named(contract, "Ada"));
        rows.put("b", named(contract, "Bob"));
        assertThat(namespace
                        .publish(publication(contract, TestRows.of(rows)).build())
                        .outcome())
                .isEqualTo(Outcome.PUBLISHED);
        rows.put("c", named(contract, "Ada"));

        PublisherException e = refused(publication(contract, TestRows.of(rows)).build());

        assertThat(e.category()).isEqualTo(Category.REFUSED);
        assertThat(e.code()).isEqualTo("RULE_VIOLATED");
        assertThat(e)
                .hasMessage(
                        "tests/orders.v1: rows 1 and 3, field name: have the same value, and the contract says unique;"
                                + " correct the rows, or leave the rule out");
    }

    /** A row as {@link TestRows} has them; every byte of it is ASCII. */
    private static String named(Contract contract, String name) {
        FieldDescriptor field = contract.descriptor().findFieldByName("name");
        DynamicMessage row = DynamicMessage.newBuilder(contract.descriptor())
                .setField(field, name)
                .build();
        return new String(row.toByteArray(), StandardCharsets.US_ASCII);
    }

    @Test
    void refusesAPromiseThatNothingKeeps() {
        PublisherException e = refused(publication(TestContracts.checked("orders", UNIQUE), TestRows.of(items(10, 10)))
                .mode(Mode.MODE_UPSERT)
                .build());

        assertThat(e.category()).isEqualTo(Category.REFUSED);
        assertThat(e.code()).isEqualTo("CHECK_NOT_ENFORCED");
        assertThat(e)
                .hasMessageContaining("orders.v1: orders.proto: field tests.orders.v1.Item.name: unique is enforced in"
                        + " snapshots only (expected: mode snapshot, or a contract that does not say it)");
    }

    @Test
    void failsCleanlyWhenTheStoreIsFull() {
        namespace.publish(orders(items(1_000, 100)).build());
        FaultyStore store = namespace.faulty();
        PublicationObserver fill = (step, detail) -> {
            if (step == Step.INTENT_WRITTEN) {
                store.faults().once(Operation.BLOB_PUT, Fault.FULL);
            }
        };
        try (Publisher publisher = namespace.publisher(store).observer(fill).build()) {
            PublisherException e = catchThrowableOfType(
                    PublisherException.class,
                    () -> publisher.publish(orders(items(1_000, 101)).build()));
            assertThat(e.category()).isEqualTo(Category.REFUSED);
            assertThat(e.code()).isEqualTo("STORE_FULL");
        }
        assertThat(namespace.rows("orders")).isEqualTo(items(1_000, 100));
        namespace.assertNothingLeftBehind();
    }

    private static byte[] newer(byte[] catalog) {
        Catalog later = CatalogCodec.decode(TestNamespace.NAME, catalog).catalog().toBuilder()
                .setFormat(CatalogCodec.FORMAT + 1)
                .build();
        return CatalogCodec.encode(TestNamespace.NAME, new WriteId(1, 2), later);
    }

    private static byte[] flipped(byte[] catalog) {
        byte[] flipped = catalog.clone();
        flipped[flipped.length / 2] ^= 1;
        return flipped;
    }

    static Stream<Arguments> unreadableCatalogs() {
        return Stream.of(
                arguments("STORE_CORRUPT", Category.DATA_LOSS, (UnaryOperator<byte[]>) RefusalBehaviourTest::flipped),
                arguments("STORE_CORRUPT", Category.DATA_LOSS, (UnaryOperator<byte[]>)
                        catalog -> Arrays.copyOf(catalog, catalog.length / 2)),
                arguments("STORE_NEWER_FORMAT", Category.REFUSED, (UnaryOperator<byte[]>) RefusalBehaviourTest::newer));
    }

    @ParameterizedTest
    @MethodSource("unreadableCatalogs")
    void refusesACatalogItCannotReadAndLeavesItAlone(String code, Category category, UnaryOperator<byte[]> damage) {
        namespace.publish(orders(items(100, 10)).build());
        CatalogRegister register = namespace.memory.catalog(TestNamespace.NAME);
        byte[] good = Await.stage(register.read()).orElseThrow();
        byte[] bad = damage.apply(good);
        Await.stage(register.compareAndSet(WriteId.of(ByteBuffer.wrap(good)), bad));
        Set<BlobAddress> blobs = namespace.blobs();

        PublisherException refused = catchThrowableOfType(
                PublisherException.class,
                () -> namespace.publish(orders(items(110, 10)).build()));

        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.category()).isEqualTo(category);
        assertThat(Await.stage(register.read())).contains(bad);
        assertThat(namespace.blobs()).isEqualTo(blobs);
    }

    @Test
    void neverCommitsWhatTheStoreDoesNotHold() {
        FaultyStore store = namespace.faulty();
        PublicationObserver damage = (step, detail) -> {
            if (step == Step.VERIFYING) {
                namespace.blobs().stream()
                        .filter(address -> address.kind() == BlobKind.BUCKET)
                        .findFirst()
                        .ifPresent(store.faults()::corrupt);
            }
        };
        try (Publisher publisher = namespace.publisher(store).observer(damage).build()) {
            PublisherException e = catchThrowableOfType(
                    PublisherException.class,
                    () -> publisher.publish(orders(items(100, 10)).build()));
            assertThat(e.category()).isEqualTo(Category.DATA_LOSS);
            assertThat(e).hasMessageContaining("is missing or fails its checksum");
        }
        assertThat(namespace.entry("orders").getCurrent()).isZero();
    }

    @Test
    void refusesWhilePaused() throws Exception {
        namespace.publish(orders(items(10, 10)).build());
        namespace.catalog().apply(3, CatalogTransitions.pause("orders.v1", "migration", "ops", START));
        PublisherException e = refused(orders(items(11, 10)).build());
        assertThat(e.category()).isEqualTo(Category.REFUSED);
        assertThat(e)
                .hasMessage(
                        "orders.v1: paused by ops since 2026-03-01T00:00:00Z: migration; 'penstock resume orders.v1' ends it");
    }
}
