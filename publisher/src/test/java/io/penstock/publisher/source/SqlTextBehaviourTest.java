package io.penstock.publisher.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.SourceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTextBehaviourTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "SELECT ';' AS a, \"b;\", `c;`",
                "SELECT 'it''s; fine'",
                "SELECT E'it\\'s; fine'",
                "SELECT 1 -- a; comment",
                "SELECT /* a; comment */ 1",
                "SELECT $$a;b$$, $tag$c;$$;d$tag$",
                "SELECT price$1 FROM t",
            })
    void takesOneStatement(String text) {
        assertThat(SqlText.single(text, "q.sql").statement()).isEqualTo(text);
    }

    @Test
    void leavesOutWhatComesAfterTheSemicolon() {
        assertThat(SqlText.single("SELECT 1 ;; -- done\n/* really */ ", "q.sql").statement())
                .isEqualTo("SELECT 1 ");
    }

    @Test
    void collectsWhatIsQuoted() {
        assertThat(SqlText.single("SELECT 'a''b', \"c\", E'd\\'e', $$f$$ FROM 'g.csv' -- 'h'", "q.sql")
                        .quoted())
                .containsExactly("a'b", "c", "d'e", "f", "g.csv");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT 1; DROP TABLE t | holds more than one statement (expected: one query)",
                "SELECT 1; 'x' | holds more than one statement (expected: one query)",
                "-- nothing | is empty (expected: one query)",
                "; | is empty (expected: one query)",
                "SELECT 'a | has a ' that is not closed",
                "SELECT /* a | has a comment that does not end",
            })
    void refusesEverythingElse(String text, String why) {
        assertThatThrownBy(() -> SqlText.single(text, "q.sql"))
                .isInstanceOfSatisfying(SourceException.class, e -> {
                    assertThat(e.category()).isEqualTo(Category.REFUSED);
                    assertThat(e.code()).isEqualTo("SQL_STATEMENT");
                })
                .hasMessage("q.sql: the SQL text " + why);
    }
}
