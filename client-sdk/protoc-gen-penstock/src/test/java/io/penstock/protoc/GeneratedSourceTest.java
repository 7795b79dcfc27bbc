package io.penstock.protoc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The generated text, compared with files that people read in reviews. {@code -Dgolden.write=true} writes them anew.
 */
class GeneratedSourceTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    static Stream<CodeGeneratorResponse.File> files() {
        CodeGeneratorResponse response =
                new Generator(Contracts.request(Contracts.files().toArray(String[]::new))).run();
        assertThat(response.getError()).isEmpty();
        return response.getFileList().stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void isTheGoldenOne(CodeGeneratorResponse.File file) throws IOException {
        Path golden = GOLDEN.resolve(file.getName() + ".txt");
        if (Boolean.getBoolean("golden.write")) {
            Files.createDirectories(golden.getParent());
            Files.writeString(golden, file.getContent());
        }
        assertThat(file.getContent()).isEqualTo(Files.readString(golden));
    }

    @Test
    void isOneClientAContractAndARecordACompositeKey() {
        assertThat(files().map(CodeGeneratorResponse.File::getName))
                .containsExactlyInAnyOrder(
                        "examples/customer_360/v1/Customer360Client.java",
                        "com/example/shop/lines/OrderLineClient.java",
                        "com/example/shop/lines/OrderLineKey.java",
                        "shop/plain/v1/CountryClient.java",
                        "shop/nested/v1/ShopShelfClient.java",
                        "shop/nested/v1/ShopShelfKey.java",
                        "shop/odd/v1/FieldClient.java",
                        "shop/odd/v1/LookupClient.java",
                        "shop/odd/v1/LookupKey.java",
                        "shop/retired/v1/BasketClient.java",
                        "shop/retired/v1/BasketKey.java",
                        "shop/retired/v1/OldBasketClient.java");
    }

    @Test
    void usesTheClientLibraryAndProtobufAlone() {
        assertThat(files().flatMap(file -> file.getContent().lines()).filter(line -> line.startsWith("import ")))
                .allMatch(line ->
                        line.matches("import (java\\.|io\\.penstock\\.client\\.|com\\.google\\.protobuf\\.).*;"));
    }

    @Test
    void isAsciiInLinesThatFitAScreen() {
        assertThat(files().flatMap(file -> file.getContent().lines()))
                .allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c < 0x7f))
                .filteredOn(line -> line.startsWith(" ") && line.contains(" * "))
                .allMatch(line -> line.length() <= 120);
    }
}
