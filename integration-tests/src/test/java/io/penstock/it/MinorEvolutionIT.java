package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.TextFormat;
import io.penstock.client.Batch;
import io.penstock.client.BatchResult;
import io.penstock.client.DatasetBinding;
import io.penstock.client.PenstockClient;
import io.penstock.contract.Contract;
import io.penstock.contract.v1.ContractProto;
import io.penstock.publisher.Publication;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherOptions;
import io.penstock.publisher.RowCursor;
import io.penstock.publisher.RowSource;
import io.penstock.serving.ServingServer;
import io.penstock.serving.config.ServingConfig;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import io.penstock.store.catalog.CatalogClient;
import io.penstock.store.catalog.CatalogSnapshot;
import io.penstock.store.catalog.CatalogTransitions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A contract grows while it is read: callers built against the earlier and the later one read each other's rows, through
 * adoption and rollback, and a server that runs serves both.
 */
class MinorEvolutionIT {
    private static final String NAMESPACE = "evolution";
    private static final int ROWS = 500;

    private static final Contract FIRST = contract("v1", "", "");
    private static final Contract GROWN = contract(
            "v1",
            "field { name: 'city' number: 4 type: TYPE_STRING label: LABEL_OPTIONAL }",
            "value { name: 'STATE_SENT' number: 2 }");
    private static final Contract NEW_MAJOR =
            contract("v2", "field { name: 'price' number: 9 type: TYPE_DOUBLE label: LABEL_OPTIONAL }", "");

    /** What a class generated from the contract of that time would read. */
    private static final DatasetBinding<String, DynamicMessage> OLD_CALLER = binding(FIRST);

    private static final DatasetBinding<String, DynamicMessage> NEW_CALLER = binding(GROWN);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before every test
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before every test
    private Store store;

    @SuppressWarnings("NullAway.Init") // set before every test
    private Publisher publisher;

    @SuppressWarnings("NullAway.Init") // set before every test
    private ServingServer server;

    @SuppressWarnings("NullAway.Init") // set before every test
    private PenstockClient client;

    @BeforeEach
    void serveTheFirstContract() throws Exception {
        String url = "lmdb:" + directory.resolve("store");
        store = Stores.open(url, true);
        publisher = Publisher.builder(store)
                .options(PublisherOptions.DEFAULTS.withGrace(Duration.ZERO))
                .build();
        publisher.publish(publication(FIRST));
        ServingConfig config = ServingConfig.defaults()
                .withStore(url)
                .withNamespaces(List.of(NAMESPACE))
                .withListen("127.0.0.1:0")
                .withHttp("none");
        server = ServingServer.start(config, store);
        assertThat(server.awaitReady(Duration.ofSeconds(30))).isTrue();
        client = PenstockClient.builder("127.0.0.1:" + server.port())
                .deadline(Duration.ofSeconds(10))
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        publisher.close();
        store.close();
    }

    @Test
    void oldAndNewCallersReadEachOthersRowsThroughAdoptionAndRollback() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        ExecutorService callers = Executors.newFixedThreadPool(2);
        try {
            List<Future<Integer>> reading = List.of(
                    callers.submit(() -> readUntil(over, OLD_CALLER)),
                    callers.submit(() -> readUntil(over, NEW_CALLER)));
            assertRead(FIRST);

            publisher.publish(publication(GROWN));
            await(() -> served(GROWN));
            assertRead(GROWN);

            rollBack();
            await(() -> served(FIRST));
            assertRead(FIRST);

            over.countDown();
            for (Future<Integer> caller : reading) {
                assertThat(caller.get(30, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            over.countDown();
            callers.shutdownNow();
        }
    }

    @Test
    void theEarlierContractCannotComeBackAsAPublication() {
        publisher.publish(publication(GROWN));

        assertThatThrownBy(() -> publisher.publish(publication(FIRST)))
                .isInstanceOfSatisfying(PublisherException.class, e -> {
                    assertThat(e.category()).isEqualTo(PublisherException.Category.REFUSED);
                    assertThat(e.code()).isEqualTo("CONTRACT_CHANGED");
                })
                .hasMessageContaining("FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED: shop.orders.v1.Order.city (4) is gone")
                .hasMessageContaining("ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED: shop.orders.v1.State.STATE_SENT");
        assertThat(client.get(NEW_CALLER, "7").value()).isPresent();
    }

    @Test
    void aNewMajorIsCommittedTogetherWithTheOldOne() {
        publisher.publishAtomically(List.of(publication(GROWN), publication(NEW_MAJOR)));
        await(() -> served(GROWN) && client.listDatasets().size() == 2);

        DatasetBinding<String, DynamicMessage> major = binding(NEW_MAJOR);
        Batch.Builder batch = Batch.builder();
        Batch.Part<DynamicMessage> old = batch.add(OLD_CALLER, List.of("7"));
        Batch.Part<DynamicMessage> next = batch.add(major, List.of("7"));
        BatchResult result = client.batchGet(batch.build());

        assertThat(text(result.rows(old).lookups().get(0).value().orElseThrow(), "name"))
                .isEqualTo("name 7");
        assertThat(text(result.rows(next).lookups().get(0).value().orElseThrow(), "price"))
                .isEqualTo("7.0");
    }

    private int readUntil(CountDownLatch over, DatasetBinding<String, DynamicMessage> caller) {
        Random random = new Random(caller.hashCode());
        int reads = 0;
        while (over.getCount() > 0) {
            int row = random.nextInt(ROWS);
            DynamicMessage read =
                    client.get(caller, String.valueOf(row)).value().orElseThrow();
            assertThat(text(read, "name")).isEqualTo("name " + row);
            reads++;
        }
        return reads;
    }

    /** What each caller sees of a row that was written under this contract. */
    private void assertRead(Contract writtenUnder) {
        boolean grown = writtenUnder.equals(GROWN);
        DynamicMessage old = client.get(OLD_CALLER, "7").value().orElseThrow();
        assertThat(text(old, "name")).isEqualTo("name 7");
        assertThat(state(old).getNumber()).isEqualTo(grown ? 2 : 1);
        assertThat(old.getUnknownFields().hasField(4)).isEqualTo(grown);

        DynamicMessage later = client.get(NEW_CALLER, "7").value().orElseThrow();
        assertThat(text(later, "name")).isEqualTo("name 7");
        assertThat(text(later, "city")).isEqualTo(grown ? "city 7" : "");
        assertThat(state(later).getName()).isEqualTo(grown ? "STATE_SENT" : "STATE_NEW");
        assertThat(client.getContract("orders.v1")).isEqualTo(writtenUnder);
    }

    private static EnumValueDescriptor state(DynamicMessage row) {
        return (EnumValueDescriptor) row.getField(row.getDescriptorForType().findFieldByName("state"));
    }

    private static String text(DynamicMessage row, String field) {
        return String.valueOf(row.getField(row.getDescriptorForType().findFieldByName(field)));
    }

    private boolean served(Contract contract) {
        return client.getContract("orders.v1").equals(contract);
    }

    private static void await(BooleanSupplier reached) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!reached.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting for the server").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private void rollBack() throws Exception {
        CatalogClient catalog = new CatalogClient(store.catalog(NAMESPACE), NAMESPACE, new Random());
        long target = CatalogSnapshot.defaultRollbackTarget(catalog.require().catalog(), "orders.v1");
        long operation = new Random().nextLong() | 1;
        catalog.apply(
                operation, CatalogTransitions.rollback("orders.v1", target, false, operation, "test", Instant.now()));
    }

    private static DatasetBinding<String, DynamicMessage> binding(Contract contract) {
        return DatasetBinding.of(
                contract.dataset(),
                DynamicMessage.getDefaultInstance(contract.descriptor()).getParserForType());
    }

    private static Publication publication(Contract contract) {
        return Publication.builder(NAMESPACE, contract, new Rows(contract)).build();
    }

    private static Contract contract(String major, String fields, String values) {
        String text = "name: 'shop/orders.proto' syntax: 'proto3' package: 'shop.orders." + major + "'"
                + " dependency: 'penstock/contract/v1/contract.proto'"
                + " message_type { name: 'Order'"
                + " options { [penstock.contract.v1.data_product] { name: 'orders' owner: 'shop' } }"
                + " field { name: 'id' number: 1 type: TYPE_INT64 label: LABEL_OPTIONAL"
                + " options { [penstock.contract.v1.field] { key: true } } }"
                + " field { name: 'name' number: 2 type: TYPE_STRING label: LABEL_OPTIONAL }"
                + " field { name: 'state' number: 3 type: TYPE_ENUM label: LABEL_OPTIONAL type_name: 'State' } "
                + fields + " }"
                + " enum_type { name: 'State' value { name: 'STATE_UNSPECIFIED' number: 0 }"
                + " value { name: 'STATE_NEW' number: 1 } " + values + " }";
        ExtensionRegistry registry = ExtensionRegistry.newInstance();
        ContractProto.registerAllExtensions(registry);
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder();
        try {
            TextFormat.getParser().merge(text, registry, file);
        } catch (TextFormat.ParseException e) {
            throw new IllegalArgumentException(text, e);
        }
        return Contract.of(
                FileDescriptorSet.newBuilder()
                        .addFile(DescriptorProtos.getDescriptor().getFile().toProto())
                        .addFile(ContractProto.getDescriptor().toProto())
                        .addFile(file)
                        .build(),
                "shop.orders." + major + ".Order");
    }

    /** Rows that fill every field the contract has. */
    private record Rows(Contract contract) implements RowSource {
        @Override
        public String describe() {
            return "rows of " + contract.dataset();
        }

        @Override
        public Optional<Instant> readDataAsOf() {
            return Optional.of(TestData.EPOCH);
        }

        @Override
        public RowCursor open(Contract opened) {
            return new Cursor(opened);
        }
    }

    private static final class Cursor implements RowCursor {
        private final Contract contract;
        private int row = -1;

        Cursor(Contract contract) {
            this.contract = contract;
        }

        @Override
        public boolean next() {
            return ++row < ROWS;
        }

        @Override
        public byte[] key() {
            return String.valueOf(row).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] value() {
            DynamicMessage.Builder message = DynamicMessage.newBuilder(contract.descriptor());
            for (FieldDescriptor field : contract.descriptor().getFields()) {
                Object value = switch (field.getJavaType()) {
                    case LONG -> (long) row;
                    case DOUBLE -> (double) row;
                    case STRING -> field.getName() + " " + row;
                    case ENUM ->
                        field.getEnumType()
                                .getValues()
                                .get(field.getEnumType().getValues().size() - 1);
                    case INT, FLOAT, BOOLEAN, BYTE_STRING, MESSAGE ->
                        throw new AssertionError("no such field: " + field.getFullName());
                };
                message.setField(field, value);
            }
            return message.build().toByteArray();
        }

        @Override
        public long rowNumber() {
            return row + 1L;
        }

        @Override
        public boolean isNull(int fieldIndex) {
            return false;
        }

        @Override
        public void close() {}
    }
}
