package io.penstock.protoc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script and the commands in {@code docs/client.md} for protoc without a build tool, with a real protoc. */
class ProtocByHandIT {
    private static final Path PAGE = Path.of("../../docs/client.md");
    private static final Path CONTRACT = Path.of("src/test/contracts/shop/lines/v1/order_line.proto");
    private static final Path GOLDEN = Path.of("src/test/resources/golden/com/example/shop/lines");
    private static final Path JAR = Path.of(Objects.requireNonNull(System.getProperty("all.jar")));

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private Path contract = CONTRACT;

    @BeforeEach
    void install() throws IOException {
        String platform = System.getProperty("os.name") + "-" + System.getProperty("os.arch");
        Path protoc = Path.of("target", "protoc", "protoc-" + platform);
        assumeThat(protoc).as("the build's protoc for this platform").exists();
        Path bin = Files.createDirectory(directory.resolve("bin"));
        assertThat(Files.copy(protoc, bin.resolve("protoc")).toFile().setExecutable(true))
                .isTrue();
        Files.copy(JAR, directory.resolve(JAR.getFileName()));
        Files.writeString(directory.resolve("penstock.sh"), block("#!/bin/sh"));
        contract = Files.createDirectory(directory.resolve("contracts")).resolve("orders.proto");
        Files.copy(CONTRACT, contract);
    }

    @Test
    void writesTheClient() throws Exception {
        String said = runCommandsOfThePage(0);

        Path generated = directory.resolve("gen/com/example/shop/lines");
        for (String name : new String[] {"OrderLineClient.java", "OrderLineKey.java"}) {
            String golden = Files.readString(GOLDEN.resolve(name + ".txt"));
            assertThat(generated.resolve(name))
                    .as(said)
                    .hasContent(golden.replace("shop/lines/v1/order_line.proto", "orders.proto"));
        }
        assertThat(generated.resolve("OrderLine.java")).exists();
    }

    @Test
    void tellsWhereAContractContradictsItself() throws Exception {
        Files.writeString(contract, Files.readString(CONTRACT).replace("uint32 line", "optional uint32 line"));

        assertThat(runCommandsOfThePage(1))
                .contains(
                        "--penstock_out: file orders.proto:25, message shop.lines.v1.OrderLine, field line: ",
                        "the field is optional");
    }

    private String runCommandsOfThePage(int exitCode) throws Exception {
        Path script = Files.writeString(directory.resolve("commands.sh"), block("chmod"));
        Path output = directory.resolve("output.txt");
        ProcessBuilder shell = new ProcessBuilder("sh", "-eu", script.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        String path = String.join(
                File.pathSeparator,
                directory.resolve("bin").toString(),
                Path.of(System.getProperty("java.home"), "bin").toString(),
                System.getenv("PATH"));
        shell.environment().put("PATH", path);
        int code = shell.start().waitFor();
        String said = Files.readString(output);
        assertThat(code).as(said).isEqualTo(exitCode);
        return said;
    }

    /** The page's block of shell text that begins so. */
    private static String block(String beginning) throws IOException {
        String page = Files.readString(PAGE);
        String fence = "```";
        int start = page.indexOf(fence + "sh\n" + beginning) + fence.length() + "sh\n".length();
        assertThat(page.substring(start)).startsWith(beginning);
        return page.substring(start, page.indexOf(fence, start));
    }
}
