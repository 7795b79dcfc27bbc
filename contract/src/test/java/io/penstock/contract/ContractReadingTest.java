package io.penstock.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.ExtensionRegistry;
import io.penstock.contract.ContractException.Code;
import io.penstock.contract.evolution.ContractEvolution;
import io.penstock.contract.v1.ContractProto;
import io.penstock.contract.v1.Sensitivity;
import io.penstock.storage.v1.StoredContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContractReadingTest {
    private static final String CUSTOMER = "examples.customer_360.v1.Customer360";

    @Test
    void readsWhatTheOptionsSay() {
        Contract contract = Contract.of(TestContracts.customer360(), CUSTOMER);
        assertThat(contract.dataset()).isEqualTo("customer-360.v1");
        assertThat(contract.product()).isEqualTo("customer-360");
        assertThat(contract.major()).isEqualTo(1);
        assertThat(contract.message()).isEqualTo(CUSTOMER);
        assertThat(contract.owner()).isEqualTo("growth-analytics");
        assertThat(contract.description()).isEqualTo("One row a customer: spend, recency, segment.");
        assertThat(contract.freshness()).contains(Duration.ofHours(26));
        assertThat(contract.expiresAfter()).contains(Duration.ofDays(7));
        assertThat(contract.p99()).contains(Duration.ofMillis(5));
        assertThat(contract.keyFields()).extracting(FieldDescriptor::getName).containsExactly("customer_id");
        FieldDescriptor spend = contract.descriptor().findFieldByName("lifetime_spend_cents");
        assertThat(contract.rules(spend).getUnit()).isEqualTo("cents");
        assertThat(contract.rules(spend).hasMin()).isTrue();
        assertThat(contract.rules(spend).hasMax()).isFalse();
        FieldDescriptor email = contract.descriptor().findFieldByName("email");
        assertThat(contract.rules(email).getSensitivity()).isEqualTo(Sensitivity.SENSITIVITY_PERSONAL);
    }

    @Test
    void promisesNothingThatIsNotSaid() {
        Contract contract = TestContracts.order("");
        assertThat(contract.freshness()).isEmpty();
        assertThat(contract.expiresAfter()).isEmpty();
        assertThat(contract.p99()).isEmpty();
        assertThat(contract.description()).isEmpty();
    }

    @Test
    void ordersKeyFieldsByTheirNumbers() {
        Contract contract = TestContracts.order("""
                field { name: 'late' number: 9 type: TYPE_STRING label: LABEL_OPTIONAL
                        options { [penstock.contract.v1.field] { key: true } } }
                field { name: 'early' number: 3 type: TYPE_FIXED32 label: LABEL_OPTIONAL
                        options { [penstock.contract.v1.field] { key: true } } }
                """);
        assertThat(contract.keyFields()).extracting(FieldDescriptor::getName).containsExactly("id", "early", "late");
    }

    @Test
    void keepsTheDescriptorSetOfAGivenProtocForEver() throws Exception {
        StoredContract stored =
                Contract.of(TestContracts.customer360(), CUSTOMER).toStored();
        assertThat(HexFormat.of().formatHex(stored.getDigest().toByteArray()))
                .isEqualTo("b59ca5b92bd3e820dfe233a9d0fec4f85205924f4f84ec561f85736e9ac4a44c");
        assertThat(FileDescriptorSet.parseFrom(stored.getDescriptorSet()).getFileList())
                .extracting(FileDescriptorProto::getName)
                .containsExactly(
                        "google/protobuf/timestamp.proto",
                        "google/protobuf/descriptor.proto",
                        "penstock/contract/v1/contract.proto",
                        "customer_360.proto");
    }

    @Test
    void keepsCommentsOfTheContractAndOfNobodyElse() throws Exception {
        Contract contract = Contract.of(TestContracts.customer360(), CUSTOMER);
        List<FileDescriptorProto> files = FileDescriptorSet.parseFrom(
                        contract.toStored().getDescriptorSet())
                .getFileList();
        assertThat(files.get(3).getSourceCodeInfo().getLocationList())
                .extracting(location -> location.getLeadingComments() + location.getTrailingComments())
                .containsExactlyInAnyOrder(
                        " What the shop knows of its customers.\n",
                        " One customer.\n",
                        " As the shop counts them.\n",
                        " cars and what belongs to them\n");
        assertThat(files.subList(0, 3)).noneMatch(FileDescriptorProto::hasSourceCodeInfo);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void hasOneFormWhateverTheOrderOfTheFilesAndWhateverElseIsInTheSet(long seed) {
        List<FileDescriptorProto> files =
                new ArrayList<>(TestContracts.customer360().getFileList());
        files.add(TestContracts.parse("name: 'other.proto' syntax: 'proto3' dependency: 'nowhere.proto'"));
        Collections.shuffle(files, new Random(seed));
        FileDescriptorSet set = FileDescriptorSet.newBuilder().addAllFile(files).build();
        assertThat(Contract.of(set, CUSTOMER)).isEqualTo(Contract.of(TestContracts.customer360(), CUSTOMER));
    }

    @Test
    void hasOneFormWhetherTheSetWasParsedWithOurOptionsOrWithout() throws Exception {
        ExtensionRegistry registry = ExtensionRegistry.newInstance();
        ContractProto.registerAllExtensions(registry);
        FileDescriptorSet without = TestContracts.customer360();
        FileDescriptorSet with = FileDescriptorSet.parseFrom(without.toByteString(), registry);
        assertThat(with).isNotEqualTo(without);
        assertThat(Contract.of(with, CUSTOMER)).isEqualTo(Contract.of(without, CUSTOMER));
    }

    @Test
    void comesBackFromItsStoredFormByteForByte() {
        Contract contract = Contract.of(TestContracts.customer360(), CUSTOMER);
        Contract again = Contract.of(contract.toStored());
        assertThat(again).isEqualTo(contract).hasSameHashCodeAs(contract);
        assertThat(again.toStored()).isEqualTo(contract.toStored());
        assertThat(again.dataset()).isEqualTo(contract.dataset());
    }

    @Test
    void refusesAStoredContractThatChangedUnderItsDigest() {
        StoredContract stored =
                Contract.of(TestContracts.customer360(), CUSTOMER).toStored();
        byte[] bytes = stored.getDescriptorSet().toByteArray();
        bytes[bytes.length / 2] ^= 1;
        StoredContract damaged =
                stored.toBuilder().setDescriptorSet(ByteString.copyFrom(bytes)).build();
        assertThatThrownBy(() -> Contract.of(damaged))
                .isInstanceOf(ContractException.class)
                .hasMessage("message examples.customer_360.v1.Customer360: the digest of the stored contract is not"
                        + " the SHA-256 of its descriptor set")
                .extracting(e -> ((ContractException) e).code())
                .isEqualTo(Code.DIGEST_MISMATCH);
    }

    @Test
    void readsTheContractOfAGeneratedMessage() {
        Contract contract = Contract.of(TestContracts.customer360(), CUSTOMER);
        Contract generated = Contract.of(contract.descriptor());
        assertThat(generated.dataset()).isEqualTo(contract.dataset());
        assertThat(ContractEvolution.check(contract, generated)).isEmpty();
    }

    @Test
    void knowsTheRulesOfFieldsOfGeneratedClasses() {
        Contract contract = TestContracts.order("");
        FieldDescriptor id = TestContracts.linkedAgain(contract).findFieldByName("id");
        assertThat(id).isNotSameAs(contract.descriptor().findFieldByName("id"));
        assertThat(contract.rules(id).getKey()).isTrue();
    }

    @Test
    void hasNoRulesForFieldsOfOtherMessages() {
        Contract contract = TestContracts.order("");
        FieldDescriptor foreign =
                Contract.of(TestContracts.customer360(), CUSTOMER).keyFields().get(0);
        assertThatThrownBy(() -> contract.rules(foreign))
                .hasMessage("field: examples.customer_360.v1.Customer360.customer_id"
                        + " (expected: one of shop.orders.v1.Order)");
    }

    @Test
    void readsAContractNestedInAMessage() {
        FileDescriptorSet set =
                TestContracts.set(TestContracts.file("message_type { name: 'Shop' nested_type { name: 'Order' "
                        + TestContracts.PRODUCT_OPTION + TestContracts.KEY_FIELD + "} }"));
        assertThat(Contract.of(set, "shop.orders.v1.Shop.Order").dataset()).isEqualTo("orders.v1");
    }

    @Test
    void showsDatasetMessageAndDigest() {
        assertThat(Contract.of(TestContracts.customer360(), CUSTOMER))
                .hasToString("customer-360.v1 (examples.customer_360.v1.Customer360, b59ca5b92bd3)");
    }
}
