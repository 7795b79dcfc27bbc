package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.contract.v1.DataProduct;
import io.penstock.contract.v1.FieldRules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractCommandsIT {
    private static final String ORDERS = """
            syntax = "proto3";
            package shop.orders.v1;
            import "google/protobuf/timestamp.proto";
            import "penstock/contract/v1/contract.proto";

            // An order, from the basket to the door.
            message Order {
              option (penstock.contract.v1.data_product) = {
                name: "orders" owner: "shop" description: "One row an order." documentation: "https://wiki.example.com/o"
                freshness: "26h" expires_after: "7d" p99: "5ms" availability: "99.9%"
                lifecycle: { stage: STAGE_DEPRECATED ends_on: "2027-06-30" successor: "orders.v2" }
                checks: { min_rows: 10 canary_keys: "1" }
              };
              // The order's number.
              int64 order_id = 1 [(penstock.contract.v1.field) = { key: true }];
              optional string email = 2 [(penstock.contract.v1.field) = {
                sensitivity: SENSITIVITY_PERSONAL not_blank: true pattern: ".+@.+" description: "Where the bill goes."
              }];
              int64 total_cents = 3 [(penstock.contract.v1.field) = { unit: "cents" min: 0 }];
              string phone = 4 [deprecated = true, (penstock.contract.v1.field) = { deprecation: "use email" }];
              map<string, Line> lines = 5;
              google.protobuf.Timestamp ordered_at = 6;
              oneof paid { string card = 7; string transfer = 8; }
              repeated State states = 9;
            }
            message Line {
              int32 pieces = 1;
            }
            // Where it is.
            enum State {
              STATE_UNSPECIFIED = 0;
              STATE_SENT = 1; // On its way.
            }
            """;

    @TempDir
    Path directory;

    private Playground playground;

    @BeforeEach
    void setUp() {
        playground = new Playground(directory);
        playground.write("orders.proto", ORDERS);
    }

    @AfterEach
    void tearDown() {
        playground.close();
    }

    @Test
    void showsAContractForAPersonToRead() {
        CommandRun run = CommandRun.of("contract", "show", playground.file("orders.proto"));

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(run.out().replaceAll("[0-9a-f]{64}", "#")).startsWith("""
                orders.v1 (shop.orders.v1.Order)
                One row an order.

                owner          shop
                documentation  https://wiki.example.com/o
                lifecycle      deprecated, may be gone from 2027-06-30; read orders.v2 instead
                freshness      26h
                expires after  7d
                p99            5ms
                availability   99.9% (not measured yet)
                checks         min_rows 10, canary_keys [1]
                key            order_id
                digest         #

                """);
        assertThat(run.out())
                .containsPattern(
                        "\nemail +2 +string +optional +- +personal +not_blank, pattern \\.\\+@\\.\\+ +Where the bill goes\\.\n")
                .containsPattern("\ntotal_cents +3 +int64 +plain +cents +internal +min 0\n")
                .containsPattern("\nphone +4 +string +plain +- +internal +- +DEPRECATED: use email\\.\n")
                .containsPattern("\nlines +5 +map<string, shop\\.orders\\.v1\\.Line> +map ")
                .containsPattern("\ncard +7 +string +oneof paid ")
                .containsPattern("\nmessage shop\\.orders\\.v1\\.Line\nFIELD ")
                .containsPattern("\nenum shop\\.orders\\.v1\\.State\nWhere it is\\.\nVALUE ")
                .containsPattern("\nSTATE_SENT +1 +On its way\\.\n")
                .endsWith("\nSensitivity is stored and shown; nothing enforces it yet.\n");
    }

    @Test
    void thePageAboutContractsNamesEveryOptionAndItsExampleIsOne() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "contract.md"));
        for (Descriptor options : List.of(DataProduct.getDescriptor(), FieldRules.getDescriptor())) {
            for (FieldDescriptor option : options.getFields()) {
                assertThat(page).contains("`" + option.getName() + "`");
            }
        }
        int example = page.indexOf("```proto") + "```proto".length();
        playground.write("example.proto", page.substring(example, page.indexOf("```", example)));

        CommandRun run = CommandRun.of("contract", "show", playground.file("example.proto"));

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("orders.v1 (shop.orders.v1.Order)\n");
    }

    @Test
    void printsAContractForPrograms() throws Exception {
        CommandRun run = CommandRun.of("contract", "show", playground.file("orders.proto"), "--json");

        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.path("dataset").asText()).isEqualTo("orders.v1");
        assertThat(json.path("lifecycle").toString())
                .isEqualTo("{\"stage\":\"DEPRECATED\",\"ends_on\":\"2027-06-30\",\"successor\":\"orders.v2\"}");
        assertThat(json.path("key").toString()).isEqualTo("[\"order_id\"]");
        assertThat(json.path("fields").get(1).toString())
                .isEqualTo(
                        "{\"name\":\"email\",\"number\":2,\"type\":\"string\",\"presence\":\"optional\",\"key\":false,"
                                + "\"unit\":null,\"sensitivity\":\"PERSONAL\",\"checks\":{\"not_blank\":true,\"pattern\":\".+@.+\"},"
                                + "\"description\":\"Where the bill goes.\",\"deprecated\":false,\"deprecation\":null}");
        assertThat(json.path("enums").get(0).path("values").get(1).path("name").asText())
                .isEqualTo("STATE_SENT");
    }

    @Test
    void showsTheSameContractFromFileStoreAndServer() throws Exception {
        assertThat(playground.publish(Playground.ROWS).exitCode()).isEqualTo(ExitCode.DONE);
        String file =
                playground.run("contract", "show", playground.file("row.proto")).out();

        assertThat(file).startsWith("row.v1 (tests.row.v1.Row)\nA row.\n");
        assertThat(playground.run("contract", "show", "row.v1").out()).isEqualTo(file);
        assertThat(playground
                        .run("contract", "show", "row.v1", "--version", "1")
                        .out())
                .isEqualTo(file);
        playground.serve();
        assertThat(playground.run("contract", "show", "row.v1").out()).isEqualTo(file);
    }

    @Test
    void findsWhatBreaksReadersBeforeAPublicationDoes() throws Exception {
        Files.createDirectory(directory.resolve("new"));
        playground.write("new/orders.proto", ORDERS.replace("int64 total_cents = 3", "string total_cents = 3"));

        CommandRun run = CommandRun.of(
                "contract", "check", playground.file("orders.proto"), playground.file("new/orders.proto"));

        assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("min: the field is of type string (expected: a single number)");

        playground.write("new/orders.proto", ORDERS.replace("int64 total_cents = 3", "int32 total_cents = 3"));
        run = CommandRun.of("contract", "check", playground.file("orders.proto"), playground.file("new/orders.proto"));

        assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .isEqualTo(
                        "orders.proto:19: FIELD_WIRE_JSON_COMPATIBLE_TYPE: shop.orders.v1.Order.total_cents was of type"
                                + " int64 and is of type int32; keep the type, and add another field beside it\n");

        JsonNode json = new ObjectMapper()
                .readTree(CommandRun.of(
                                "contract",
                                "check",
                                playground.file("orders.proto"),
                                playground.file("new/orders.proto"),
                                "--json")
                        .out());
        assertThat(json.path("compatible").asBoolean()).isFalse();
        assertThat(json.path("findings").get(0).path("line").asInt()).isEqualTo(19);
    }

    @Test
    void comparesWithEveryContractThatAStoreKeeps() throws Exception {
        assertThat(playground.publish(Playground.ROWS).exitCode()).isEqualTo(ExitCode.DONE);
        String first = playground.read("row.proto");
        playground.write("row.proto", first.replace("string note = 3;", "string note = 3 [deprecated = true];"));
        assertThat(playground.publish(Playground.ROWS).exitCode()).isEqualTo(ExitCode.DONE);

        CommandRun same = playground.run("contract", "check", "row.v1", playground.file("row.proto"));
        assertThat(same.out()).isEqualTo("compatible: row.v1 with 2 earlier contracts\n");
        assertThat(same.exitCode()).isEqualTo(ExitCode.DONE);

        playground.write("row.proto", first.replace("optional string note = 3;", "reserved 3; reserved \"note\";"));
        assertThat(playground
                        .run("contract", "check", "row.v1", playground.file("row.proto"))
                        .exitCode())
                .as("announced")
                .isEqualTo(ExitCode.DONE);

        playground.write("row.proto", first.replace("{ min: 0 }", "{ min: -1 }"));
        CommandRun weaker = playground.run("contract", "check", "row.v1", playground.file("row.proto"));
        assertThat(weaker.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(weaker.out())
                .isEqualTo(
                        "row.proto:7: PENSTOCK_FIELD_CHECK_NOT_WEAKENED: tests.row.v1.Row.amount had min 0 and has -1;"
                                + " keep the check, or make it stricter\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "show nowhere.proto; USAGE; penstock: contract: cannot read nowhere.proto (expected: a file)",
                "show nowhere.binpb; USAGE; penstock: descriptors: cannot read nowhere.binpb (expected: a file)",
                "show nothing.v1; NOT_FOUND; penstock: default/nothing.v1: the catalog has no such dataset",
                "show row.v1 --version 9; NOT_FOUND; penstock: default/row.v1: no version 9; see 'penstock versions row.v1 --store URL'",
                "show @row.proto --version 9; USAGE; penstock: --version is for a dataset in a store (expected: --store URL with"
                        + " it)",
                "show @row.proto --message tests.row.v1.Other; REFUSED; penstock: contract: message tests.row.v1.Other: not in the"
                        + " descriptor set",
                "show @none.proto; REFUSED; penstock: contract: no message has the option (penstock.contract.v1.data_product)",
                "show @two.proto; REFUSED; penstock: contract: two.v1.A, two.v1.B are contracts (name one as the message)",
                "show @row.yaml; REFUSED; not a serialized google.protobuf.FileDescriptorSet",
                "check @row.proto; USAGE; penstock: Missing required parameter: 'NEW'",
                "check row.v1 @none.proto; REFUSED; penstock: contract: no message has the option",
                "check nothing.v1 @row.proto; NOT_FOUND; penstock: default/nothing.v1: the catalog has no such dataset",
                "check Row.V1 @row.proto; USAGE; dataset",
            })
    void saysWhatIsWrongWithItsInput(String command, ExitCode exitCode, String message) {
        assertThat(playground.publish(Playground.ROWS).exitCode()).isEqualTo(ExitCode.DONE);
        playground.write("none.proto", "syntax = \"proto3\"; package none.v1; message A {}");
        String contract = "message %1$s { option (penstock.contract.v1.data_product) = { name: \"two\" owner: \"o\" };"
                + " int64 id = 1 [(penstock.contract.v1.field) = { key: true }]; }";
        playground.write(
                "two.proto",
                "syntax = \"proto3\"; package two.v1; import \"penstock/contract/v1/contract.proto\";"
                        + contract.formatted("A") + contract.formatted("B"));

        CommandRun run = playground.run(
                ("contract " + command).replace("@", directory + "/").split(" "));

        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.err()).contains(message);
        assertThat(run.out()).isEmpty();
    }
}
