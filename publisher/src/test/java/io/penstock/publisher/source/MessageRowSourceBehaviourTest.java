package io.penstock.publisher.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.penstock.contract.Contract;
import io.penstock.contract.v1.FieldRules;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.RowCursor;
import io.penstock.publisher.SourceException;
import io.penstock.publisher.convert.RowConverter;
import io.penstock.publisher.testing.TestContracts;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MessageRowSourceBehaviourTest {
    private static final Contract CONTRACT = TestContracts.checked(
            "people",
            FieldRules.newBuilder().setNotBlank(true).setPattern("[A-Z].*").build());

    @Test
    void givesTheRowsAsAQueryWould() {
        RowConverter converter = new RowConverter(CONTRACT, List.of("id", "name"), false);
        RowCursor rows = open(row("1", "Ada"), row("2", null));

        assertThat(rows.next()).isTrue();
        converter.convert(new Object[] {"1", "Ada"}, 1);
        assertThat(rows.key()).isEqualTo(converter.key()).isEqualTo("1".getBytes(StandardCharsets.UTF_8));
        assertThat(rows.value()).isEqualTo(converter.value());
        assertThat(rows.rowNumber()).isEqualTo(1);
        assertThat(rows.isNull(0)).isFalse();
        assertThat(rows.isNull(1)).isFalse();

        assertThat(rows.next()).isTrue();
        converter.convert(new @Nullable Object[] {"2", null}, 2);
        assertThat(rows.value()).isEqualTo(converter.value());
        assertThat(rows.isNull(1)).isTrue();
        assertThat(rows.next()).isFalse();
    }

    @Test
    void saysUpToWhenTheyAreComplete() {
        MessageRowSource source = MessageRowSource.of(List.of());
        assertThat(source.readDataAsOf()).isEmpty();
        assertThat(source.asOf(Instant.EPOCH).readDataAsOf()).contains(Instant.EPOCH);
    }

    @Test
    void refusesWhatTheContractForbids() {
        assertRefused(
                row("1", " "),
                "RULE_VIOLATED",
                "row 1, field name: the value is blank, and the contract says not_blank");
        assertRefused(
                row("1", "ada"), "RULE_VIOLATED", "row 1, field name: the value does not match its pattern '[A-Z].*'");
        assertRefused(row("", "Ada"), "EMPTY_KEY", null);
        assertRefused(
                Empty.getDefaultInstance(),
                "WRONG_MESSAGE",
                "row 1: is a google.protobuf.Empty (expected: a " + CONTRACT.message() + ")");
        Contract notNull = TestContracts.checked(
                "people", FieldRules.newBuilder().setNotNull(true).build());
        RowCursor rows = MessageRowSource.of(List.of(row("1", null))).open(notNull);
        assertThatThrownBy(rows::next)
                .hasMessage("row 1, field name: the value is NULL, and the contract says not_null");
    }

    private static void assertRefused(Message row, String code, @Nullable String message) {
        RowCursor rows = open(row);
        assertThatThrownBy(rows::next).isInstanceOfSatisfying(SourceException.class, e -> {
            assertThat(e.category()).isEqualTo(Category.REFUSED);
            assertThat(e.code()).isEqualTo(code);
            if (message != null) {
                assertThat(e).hasMessage(message);
            }
        });
    }

    private static RowCursor open(Message... rows) {
        return MessageRowSource.of(List.of(rows)).open(CONTRACT);
    }

    private static Message row(String id, @Nullable String name) {
        DynamicMessage.Builder row = DynamicMessage.newBuilder(CONTRACT.descriptor())
                .setField(CONTRACT.descriptor().findFieldByName("id"), id);
        if (name != null) {
            row.setField(CONTRACT.descriptor().findFieldByName("name"), name);
        }
        return row.build();
    }
}
