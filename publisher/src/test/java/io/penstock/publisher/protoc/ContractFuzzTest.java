package io.penstock.publisher.protoc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.contract.Contract;
import io.penstock.contract.ContractException;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.TestContracts;
import io.penstock.storage.v1.StoredContract;
import io.penstock.store.testkit.fuzz.Fuzz;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractFuzzTest {
    private static final List<byte[]> DESCRIPTOR_SETS = List.of(
            descriptors(TestContracts.CUSTOMER),
            descriptors(io.penstock.publisher.testing.TestContracts.expiring("items", "1d")));

    @TempDir
    Path directory;

    private static byte[] descriptors(Contract contract) {
        return contract.toStored().getDescriptorSet().toByteArray();
    }

    @Test
    void aDescriptorSetIsReadOrRefused() throws Exception {
        Path file = directory.resolve("set.binpb");
        Fuzz.bytes("descriptor set", DESCRIPTOR_SETS)
                .allocatingAtMost(64 << 20) // linking copies
                .run(500, bytes -> {
                    Files.write(file, bytes);
                    try {
                        ContractCompiler.read(file, Optional.empty());
                    } catch (PublisherException e) {
                        assertThat(e.category()).isEqualTo(Category.REFUSED);
                    }
                });
    }

    @Test
    void aStoredContractIsReadOrRefused() throws Exception {
        byte[] stored = TestContracts.CUSTOMER.toStored().toByteArray();
        Fuzz.bytes("stored contract", List.of(stored))
                .allocatingAtMost(64 << 20)
                .run(500, ContractFuzzTest::readStored);
        Fuzz.bytes("descriptor set with a right digest", DESCRIPTOR_SETS)
                .allocatingAtMost(64 << 20)
                .run(
                        2_000,
                        set -> readStored(TestContracts.CUSTOMER.toStored().toBuilder()
                                .setDescriptorSet(ByteString.copyFrom(set))
                                .setDigest(ByteString.copyFrom(
                                        MessageDigest.getInstance("SHA-256").digest(set)))
                                .build()
                                .toByteArray()));
    }

    private static void readStored(byte[] bytes) {
        try {
            Contract.of(StoredContract.parseFrom(bytes));
        } catch (InvalidProtocolBufferException | ContractException e) {
            // as documented
        }
    }
}
