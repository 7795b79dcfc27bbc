package io.penstock.protoc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse.Feature;
import io.penstock.contract.v1.ContractProto;
import io.penstock.contract.v1.FieldRules;
import org.junit.jupiter.api.Test;

class GeneratorErrorsTest {
    private static final String LINES = "shop/lines/v1/order_line.proto";
    private static final String ODD = "shop/odd/v1/odd.proto";

    @Test
    void namesFileMessageAndFieldOfABadKey() {
        CodeGeneratorResponse response = run(Contracts.request(LINES, file -> withKey(file, 2)));
        assertThat(response.getError())
                .isEqualTo("file shop/lines/v1/order_line.proto:26, message shop.lines.v1.OrderLine, field article: "
                        + "option (penstock.contract.v1.field).key: the field is optional (expected: a plain string or "
                        + "integer, not repeated, not optional, in no oneof)");
        assertThat(response.getFileList()).isEmpty();
    }

    @Test
    void namesTheMessageThatHasNoKey() {
        CodeGeneratorResponse response = run(Contracts.request(
                "shop/plain/v1/countries.proto", file -> withRules(file, 0, FieldRules.getDefaultInstance())));
        assertThat(response.getError()).contains("countries.proto", "shop.plain.v1.Country", "no field is the key");
    }

    @Test
    void tellsOfAllBadContractsAtOnce() {
        CodeGeneratorResponse response = run(Contracts.request(ODD, file -> {
            FileDescriptorProto.Builder broken = file.toBuilder();
            broken.getMessageTypeBuilder(0).getFieldBuilder(0).setType(FieldDescriptorProto.Type.TYPE_DOUBLE);
            broken.getMessageTypeBuilder(1).getFieldBuilder(0).setType(FieldDescriptorProto.Type.TYPE_BOOL);
            return broken.build();
        }));
        assertThat(response.getError().lines()).hasSize(2);
        assertThat(response.getError()).contains("shop.odd.v1.Field", "shop.odd.v1.Lookup");
    }

    @Test
    void doesNotWriteOverAnotherType() {
        CodeGeneratorResponse response = run(Contracts.request(ODD, file -> {
            FileDescriptorProto.Builder taken = file.toBuilder();
            taken.addMessageTypeBuilder().setName("LookupKey");
            return taken.build();
        }));
        assertThat(response.getError())
                .isEqualTo("file shop/odd/v1/odd.proto, message shop.odd.v1.Lookup: its generated class "
                        + "shop.odd.v1.LookupKey has the name of another type (expected: a message or file of another "
                        + "name)");
    }

    @Test
    void doesNotWriteOneClassForTwoContracts() {
        CodeGeneratorResponse response = run(Contracts.request("shop/nested/v1/shop.proto", file -> {
            FileDescriptorProto.Builder twice = file.toBuilder();
            twice.addMessageType(
                    file.getMessageType(0).getNestedType(0).toBuilder().setName("ShopShelf"));
            return twice.build();
        }));
        assertThat(response.getError())
                .contains("its generated class shop.nested.v1.ShopShelfClient is also that of message "
                        + "shop.nested.v1.Shop");
    }

    @Test
    void refusesParametersItDoesNotHave() {
        CodeGeneratorRequest request =
                Contracts.request(LINES).toBuilder().setParameter("async=false").build();
        assertThat(run(request).getError()).isEqualTo("parameter: 'async=false' (expected: none)");
    }

    @Test
    void writesNothingForFilesWithoutAContract() {
        CodeGeneratorResponse response = run(Contracts.request("shop/nested/v1/unrelated.proto"));
        assertThat(response.hasError()).isFalse();
        assertThat(response.getFileList()).isEmpty();
    }

    @Test
    void toleratesWhateverElseProtocCompilesInTheSameRun() {
        CodeGeneratorResponse response = run(Contracts.request(LINES));
        assertThat(response.getSupportedFeatures())
                .isEqualTo(Feature.FEATURE_PROTO3_OPTIONAL_VALUE | Feature.FEATURE_SUPPORTS_EDITIONS_VALUE);
        assertThat(response.getMinimumEdition()).isEqualTo(998);
        assertThat(response.getMaximumEdition()).isEqualTo(1001);
    }

    private static CodeGeneratorResponse run(CodeGeneratorRequest request) {
        return new Generator(request).run();
    }

    private static FileDescriptorProto withKey(FileDescriptorProto file, int field) {
        return withRules(file, field, FieldRules.newBuilder().setKey(true).build());
    }

    private static FileDescriptorProto withRules(FileDescriptorProto file, int field, FieldRules rules) {
        FileDescriptorProto.Builder changed = file.toBuilder();
        changed.getMessageTypeBuilder(0)
                .getFieldBuilder(field)
                .getOptionsBuilder()
                .setExtension(ContractProto.field, rules);
        return changed.build();
    }
}
