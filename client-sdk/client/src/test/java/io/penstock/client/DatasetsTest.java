package io.penstock.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.penstock.contract.Contract;
import io.penstock.contract.v1.ContractProto;
import io.penstock.contract.v1.DataProduct;
import io.penstock.contract.v1.FieldRules;
import io.penstock.serving.v1.Dataset;
import io.penstock.serving.v1.GetContractRequest;
import io.penstock.serving.v1.GetContractResponse;
import io.penstock.serving.v1.GetDatasetResponse;
import io.penstock.serving.v1.ListDatasetsResponse;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.v1.WatchDatasetsResponse;
import io.penstock.storage.v1.StoredContract;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DatasetsTest {
    private final FakeServer server = new FakeServer();
    private final PenstockClient client =
            server.client().deadline(Duration.ofSeconds(20)).build();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void listsAllPages() {
        server.list = request -> request.getPageToken().isEmpty()
                ? ListDatasetsResponse.newBuilder()
                        .addDatasets(dataset("a.v1"))
                        .setNextPageToken("more")
                        .build()
                : ListDatasetsResponse.newBuilder().addDatasets(dataset("b.v1")).build();
        assertThat(client.listDatasets()).extracting(Dataset::getName).containsExactly("a.v1", "b.v1");
    }

    @Test
    void doesNotListForEver() {
        server.list = request ->
                ListDatasetsResponse.newBuilder().setNextPageToken("more").build();
        assertThatThrownBy(client::listDatasets)
                .hasMessage("ListDatasets: INTERNAL: an empty page that is not the last");
    }

    @Test
    void describesADataset() {
        server.dataset = request -> {
            if (!request.getDataset().equals("a.v1")) {
                throw FakeServer.failure(Status.NOT_FOUND, Reason.REASON_UNKNOWN_DATASET);
            }
            return GetDatasetResponse.newBuilder().setDataset(dataset("a.v1")).build();
        };
        assertThat(client.getDataset("a.v1").getName()).isEqualTo("a.v1");
        assertThatThrownBy(() -> client.getDataset("b.v1"))
                .isInstanceOf(NotFoundException.class)
                .hasMessage("GetDataset of b.v1: NOT_FOUND (UNKNOWN_DATASET): the server has no such dataset");
    }

    @Test
    void readsAContractByDatasetOrDigest() {
        Contract contract = contract();
        server.contract = request -> {
            boolean known = request.getContractCase() == GetContractRequest.ContractCase.DATASET
                    ? request.getDataset().equals("orders.v1")
                    : request.getDigest().equals(contract.digest());
            assertThat(known).isTrue();
            return response(contract.toStored());
        };
        assertThat(client.getContract("orders.v1")).isEqualTo(contract);
        assertThat(client.getContract(contract.digest()).keyEncoding().encode(List.of("a")))
                .isEqualTo("a");
    }

    @Test
    void refusesAContractThatIsDamaged() {
        server.contract = request -> response(contract().toStored()).toBuilder()
                .setDigest(ByteString.copyFromUtf8("other"))
                .build();
        assertThatThrownBy(() -> client.getContract("orders.v1"))
                .isInstanceOf(PenstockException.class)
                .hasMessageStartingWith("GetContract of orders.v1: INTERNAL: the contract in the answer was refused: ");
    }

    @Test
    void watchesUntilItIsClosed() throws Exception {
        Listener listener = new Listener();
        Watch watch = client.watch(List.of("a.v1"), listener);
        ServerCallStreamObserver<WatchDatasetsResponse> call =
                Objects.requireNonNull(server.watches.poll(10, TimeUnit.SECONDS));
        call.onNext(
                WatchDatasetsResponse.newBuilder().addDatasets(dataset("a.v1")).build());
        assertThat(listener.changes.poll(10, TimeUnit.SECONDS))
                .extracting(Dataset::getName)
                .containsExactly("a.v1");
        watch.close();
        watch.close();
        assertThat(listener.ends.poll(10, TimeUnit.SECONDS)).isEqualTo(Optional.empty());
        assertThat(server.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void saysWhyAWatchEnded() throws Exception {
        Listener listener = new Listener();
        client.watch(List.of(), listener);
        Objects.requireNonNull(server.watches.poll(10, TimeUnit.SECONDS))
                .onError(FakeServer.failure(Status.NOT_FOUND, Reason.REASON_UNKNOWN_DATASET));
        assertThat(listener.ends.poll(10, TimeUnit.SECONDS)).get().isInstanceOf(NotFoundException.class);

        client.watch(List.of(), listener);
        Objects.requireNonNull(server.watches.poll(10, TimeUnit.SECONDS)).onCompleted();
        assertThat(listener.ends.poll(10, TimeUnit.SECONDS))
                .get()
                .isInstanceOf(UnavailableException.class)
                .extracting(Throwable::getMessage)
                .isEqualTo("WatchDatasets: UNAVAILABLE: the server ended it");
    }

    @Test
    void endsWatchesWhenItIsClosed() throws Exception {
        Listener listener = new Listener();
        client.watch(List.of(), listener);
        client.close();
        assertThat(listener.ends.poll(10, TimeUnit.SECONDS)).isEqualTo(Optional.empty());
        assertThatThrownBy(() -> client.watch(List.of(), listener)).isInstanceOf(IllegalStateException.class);
    }

    private static Dataset dataset(String name) {
        return Dataset.newBuilder().setName(name).build();
    }

    private static GetContractResponse response(StoredContract stored) {
        return GetContractResponse.newBuilder()
                .setMessage(stored.getMessage())
                .setDescriptorSet(stored.getDescriptorSet())
                .setDigest(stored.getDigest())
                .build();
    }

    private static Contract contract() {
        FieldDescriptorProto id = FieldDescriptorProto.newBuilder()
                .setName("id")
                .setNumber(1)
                .setType(FieldDescriptorProto.Type.TYPE_STRING)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
                .setOptions(FieldOptions.newBuilder()
                        .setExtension(
                                ContractProto.field,
                                FieldRules.newBuilder().setKey(true).build()))
                .build();
        DescriptorProto order = DescriptorProto.newBuilder()
                .setName("Order")
                .addField(id)
                .setOptions(MessageOptions.newBuilder()
                        .setExtension(
                                ContractProto.dataProduct,
                                DataProduct.newBuilder()
                                        .setName("orders")
                                        .setOwner("shop")
                                        .build()))
                .build();
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("order.proto")
                .setPackage("shop.orders.v1")
                .setSyntax("proto3")
                .addDependency("penstock/contract/v1/contract.proto")
                .addMessageType(order)
                .build();
        return Contract.of(
                FileDescriptorSet.newBuilder()
                        .addFile(file)
                        .addFile(ContractProto.getDescriptor().toProto())
                        .addFile(DescriptorProtos.getDescriptor().toProto())
                        .build(),
                "shop.orders.v1.Order");
    }

    private static final class Listener implements DatasetListener {
        final BlockingQueue<List<Dataset>> changes = new ArrayBlockingQueue<>(10);
        final BlockingQueue<Optional<PenstockException>> ends = new ArrayBlockingQueue<>(10);

        @Override
        public void onDatasets(List<Dataset> datasets) {
            changes.add(datasets);
        }

        @Override
        public void onEnd(Optional<PenstockException> failure) {
            ends.add(failure);
        }
    }
}
