package io.penstock.publisher.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AmbiguousPathsBehaviourTest {
    @TempDir
    Path working;

    @TempDir
    Path meant;

    @BeforeEach
    void fillTheWorkingDirectory() throws IOException {
        Files.createDirectories(working.resolve("warehouse/2024"));
        Files.createFile(working.resolve("warehouse/2024/orders.parquet"));
        Files.createFile(working.resolve("orders.csv"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orders.csv",
                "./orders.csv",
                "*.csv",
                "order?.csv",
                "[n-p]rders.csv",
                "warehouse/2024/orders.parquet",
                "warehouse/*/orders.parquet",
                "./warehouse//2024/*.parquet",
                "warehouse/**",
                "**/orders.parquet",
            })
    void refusesWhatIsInTheWorkingDirectoryToo(String path) {
        assertThatThrownBy(() -> check("FROM '" + path + "'"))
                .isInstanceOfSatisfying(SourceException.class, e -> {
                    assertThat(e.category()).isEqualTo(Category.REFUSED);
                    assertThat(e.code()).isEqualTo("AMBIGUOUS_PATH");
                })
                .hasMessage("q.sql: '" + path + "' is also a file of the working directory " + working
                        + ", which DuckDB would read in place of the one in " + meant
                        + " (start from there, or write an absolute path)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "customers.csv",
                "warehouse",
                "lake/*.parquet",
                "*.parquet",
                "*",
                ".*",
                "^[a-z]+$",
                "s3://b/*.csv",
                ""
            })
    void takesWhatIsNot(String path) {
        assertThatCode(() -> check("FROM '" + path + "'")).doesNotThrowAnyException();
    }

    @Test
    void takesAbsolutePathsAndTheWorkingDirectoryItself() {
        assertThatCode(() -> check("FROM '" + working.resolve("orders.csv") + "'"))
                .doesNotThrowAnyException();
        assertThatCode(() -> new AmbiguousPaths(working, working)
                        .refuse(SqlText.single("FROM 'orders.csv'", "q.sql"), "q.sql"))
                .doesNotThrowAnyException();
    }

    private void check(String sql) {
        new AmbiguousPaths(working, meant).refuse(SqlText.single(sql, "q.sql"), "q.sql");
    }
}
