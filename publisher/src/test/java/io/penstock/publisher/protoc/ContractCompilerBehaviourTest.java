package io.penstock.publisher.protoc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.contract.Contract;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.TestContracts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractCompilerBehaviourTest {
    private static final String MESSAGE = "penstock.test.customer.v1.Customer";

    @TempDir
    Path directory;

    @Test
    void compilesWithTheBuiltInImports() {
        assertThat(TestContracts.CUSTOMER.dataset()).isEqualTo("customer.v1");
    }

    @Test
    void readsADescriptorSet() throws IOException {
        Path file = directory.resolve("contract.binpb");
        Files.write(file, TestContracts.CUSTOMER.toStored().getDescriptorSet().toByteArray());

        Contract contract = ContractCompiler.read(file, MESSAGE);

        assertThat(contract).isEqualTo(TestContracts.CUSTOMER);
    }

    @Test
    void relaysProtocsErrorsWithFileAndLine() throws IOException {
        Path file = Files.writeString(
                directory.resolve("bad.proto"), "syntax = \"proto3\";\nmessage X { strin name = 1; }\n");

        assertThatThrownBy(() -> ContractCompiler.bundled().compile(file, List.of(directory), "X"))
                .isInstanceOfSatisfying(PublisherException.class, e -> {
                    assertThat(e.category()).isEqualTo(Category.REFUSED);
                    assertThat(e.code()).isEqualTo("CONTRACT_DOES_NOT_COMPILE");
                })
                .hasMessage("contract " + file + " does not compile:\n" + file + ":2:13: \"strin\" is not defined.");
    }

    @Test
    void passesOnWhatTheContractModelRefuses() {
        Path file = TestContracts.DIRECTORY.resolve("customer.proto");
        assertThatThrownBy(() -> ContractCompiler.bundled().compile(file, List.of(TestContracts.DIRECTORY), "Nope"))
                .isInstanceOfSatisfying(PublisherException.class, e -> {
                    assertThat(e.category()).isEqualTo(Category.REFUSED);
                    assertThat(e.code()).isEqualTo("UNKNOWN_MESSAGE");
                });
    }

    @Test
    void saysWhichFileIsNotThere() {
        Path file = directory.resolve("nope.proto");
        assertUsage(
                () -> ContractCompiler.bundled().compile(file, List.of(directory), "X"),
                "contract: cannot read " + file + " (expected: a file)");
        assertUsage(() -> ContractCompiler.read(file, "X"), "descriptors: cannot read " + file + " (expected: a file)");
    }

    @Test
    void refusesAFileThatIsNoDescriptorSet() throws IOException {
        Path file = Files.writeString(directory.resolve("x.binpb"), "hello");
        assertThatThrownBy(() -> ContractCompiler.read(file, "X"))
                .hasMessage(file + ": not a serialized google.protobuf.FileDescriptorSet");
    }

    @Test
    void refusesAProtocThatIsNone() {
        Path file = TestContracts.DIRECTORY.resolve("customer.proto");
        Path protoc = directory.resolve("protoc");
        assertUsage(
                () -> ContractCompiler.with(protoc).compile(file, List.of(TestContracts.DIRECTORY), MESSAGE),
                "--protoc: " + protoc + " is not an executable file (name one with --protoc, or give the contract as a"
                        + " descriptor set under `descriptors:`)");
    }

    private static void assertUsage(Runnable call, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        PublisherException.class, e -> assertThat(e.category()).isEqualTo(Category.USAGE))
                .hasMessage(message);
    }
}
