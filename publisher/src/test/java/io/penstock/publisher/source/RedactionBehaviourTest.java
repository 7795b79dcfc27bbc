package io.penstock.publisher.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionBehaviourTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "jdbc:duckdb: jdbc:duckdb:",
                "jdbc:duckdb:/data/shop.db jdbc:duckdb:/data/shop.db",
                "jdbc:postgresql://h:5432/db jdbc:postgresql://h:5432/db",
                "jdbc:postgresql://u:geheim@h:5432/db jdbc:postgresql://***@h:5432/db",
                "jdbc:postgresql://h/db?user=u&password=geheim jdbc:postgresql://h/db?user=***&password=***",
                "jdbc:sqlserver://h;user=u;password=geheim jdbc:sqlserver://h;user=***;password=***",
                "jdbc:oracle:thin:u/geheim@h:1521/db jdbc:oracle:thin:***@h:1521/db",
                "jdbc:snowflake://h/?private_key_pwd=geheim jdbc:snowflake://h/?private_key_pwd=***",
            })
    void showsAUrlWithoutLoginAndParameters(String url, String shown) {
        assertThat(Redaction.url(url)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "sslPassword",
                "PWD",
                "client_secret",
                "oauth.token",
                "apiKey",
                "s3_secret_access_key"
            })
    void knowsWhatIsNamedLikeASecret(String name) {
        assertThat(Redaction.isSecretName(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "memory_limit", "ssl", "threads", "key_column"})
    void knowsWhatIsNot(String name) {
        assertThat(Redaction.isSecretName(name)).isFalse();
    }

    @Test
    void hidesSecretsWhereverTheyCameFrom() {
        Redaction redaction = Redaction.of(
                "jdbc:x://u:in-login@h/db?token=in-parameter&ssl=visible",
                Map.of("password", "in-property", "user", "visible-user"),
                Set.of("in-file", "in-file-and-more"));

        assertThat(redaction.text("in-login in-parameter in-property in-file-and-more in-file visible visible-user"))
                .isEqualTo("*** *** *** *** *** visible visible-user");
    }

    @Test
    void hidesAnOracleLogin() {
        assertThat(Redaction.of("jdbc:oracle:thin:u/geheim@h:1521/db", Map.of(), Set.of())
                        .text("bad login u/geheim"))
                .isEqualTo("bad login u/***");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Could not convert string 'Ann' to INT32 | Could not convert string '…' to INT32",
                "Could not convert string \"Ann\" to 7 | Could not convert string \"…\" to …",
                "Key (email)=(ann@x.org) exists | Key (email)=(…) exists",
                "Type INT32 with value 123456 can't be cast | Type INT32 with value … can't be cast",
                "syntax error at line 3 | syntax error at line 3",
                "Table with name 'custmer' does not exist | Table with name '…' does not exist",
                "column \"custmer\" does not exist | column \"custmer\" does not exist",
                "No file 'orders.csv' | No file 'orders.csv'",
                "limit 1000 reached | limit 1000 reached",
                "Did you mean \"customer\"? | Did you mean \"customer\"?",
            })
    void hidesWhatTheStatementDoesNotSay(String message, String shown) {
        Redaction redaction = Redaction.of("jdbc:duckdb:", Map.of(), Set.of());

        assertThat(redaction.databaseMessage(message, "SELECT * FROM 'orders.csv' LIMIT 1000"))
                .isEqualTo(shown);
    }

    @Test
    void hidesTheLineOfACsvFileAndWhatIsTooLong() {
        Redaction redaction = Redaction.of("jdbc:duckdb:", Map.of(), Set.of("geheim"));

        assertThat(redaction.databaseMessage(
                        "Error\nOriginal Line: 7,Ann\nLINE 1: SELECT 'geheim'\n        ^", "SELECT"))
                .isEqualTo("Error\nLINE 1: SELECT '***'\n        ^");
        assertThat(redaction.databaseMessage("x".repeat(2_000), "")).isEqualTo("x".repeat(1_000) + "…");
    }
}
