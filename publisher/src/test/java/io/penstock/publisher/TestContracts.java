package io.penstock.publisher;

import io.penstock.contract.Contract;
import io.penstock.publisher.protoc.ContractCompiler;
import java.nio.file.Path;
import java.util.List;

/** The contracts of the tests, compiled once by the real protoc. */
public final class TestContracts {
    public static final Path DIRECTORY = Path.of("src/test/protobuf").toAbsolutePath();
    public static final Contract EVERYTHING = compile("everything.proto", "penstock.test.everything.v1.Everything");
    public static final Contract CUSTOMER = compile("customer.proto", "penstock.test.customer.v1.Customer");

    private TestContracts() {}

    private static Contract compile(String file, String message) {
        return ContractCompiler.bundled().compile(DIRECTORY.resolve(file), List.of(DIRECTORY), message);
    }
}
