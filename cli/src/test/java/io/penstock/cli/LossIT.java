package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.store.Store;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobKind;
import io.penstock.store.blob.BlobWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loss that nobody noticed: found by {@code verify}, not healed by a publication, healed by {@code --rewrite}. */
class LossIT {
    @TempDir
    Path directory;

    private Playground playground;

    @BeforeEach
    void setUp() {
        playground = new Playground(directory);
        assertThat(playground.publish(Playground.ROWS).exitCode()).isEqualTo(ExitCode.DONE);
    }

    @AfterEach
    void tearDown() {
        playground.close();
    }

    private BlobAddress deleteABucket() {
        try (Store store = playground.store();
                BlobWriter blobs = store.openWriter()) {
            List<BlobAddress> buckets = new ArrayList<>();
            blobs.scan("default", address -> {
                if (address.kind() == BlobKind.BUCKET) {
                    buckets.add(address);
                }
            });
            blobs.delete(buckets.subList(0, 1)).toCompletableFuture().join();
            return buckets.get(0);
        }
    }

    @Test
    void isFoundByVerifyAndHealedByARewrite() {
        BlobAddress lost = deleteABucket();

        CommandRun found = playground.run("verify", Playground.DATASET);
        assertThat(found.exitCode()).isEqualTo(ExitCode.DATA_LOSS);
        assertThat(found.out()).startsWith("default/row.v1: version 1: NOT whole, ");
        assertThat(found.err()).isEqualTo("""
                penstock: default/row.v1: version 1: %s is missing or fails its checksum
                penstock: default/row.v1: version 1 is not whole; publish a snapshot of the data with \
                'penstock publish --rewrite'; an upsert or delta cannot restore rows it does not write; until then a \
                version that is whole can be served by 'penstock rollback'
                """.formatted(lost));
        assertThat(playground.run("verify", Playground.DATASET, "--json").out()).contains("\"whole\":false,");

        assertThat(playground.publish(Playground.ROWS).out()).contains("unchanged");
        assertThat(playground.run("verify", Playground.DATASET).exitCode()).isEqualTo(ExitCode.DATA_LOSS);

        CommandRun healed = playground.publish(Playground.ROWS, "--rewrite", "--max-in-flight", "3");
        assertThat(healed.exitCode()).as(healed.err()).isEqualTo(ExitCode.DONE);
        CommandRun whole = playground.run("verify", Playground.DATASET);
        assertThat(whole.exitCode()).as(whole.err()).isEqualTo(ExitCode.DONE);
        assertThat(whole.out()).startsWith("default/row.v1: version 3: whole, 200 rows in 2 buckets ");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        CommandRun version = playground.run("verify", Playground.DATASET, "--version", "7");
        assertThat(version.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(version.err())
                .isEqualTo("penstock: default/row.v1: there is no version 7; see 'penstock versions row.v1 --store URL'"
                        + "\n");
        assertThat(playground.run("verify", "nope.v1").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(playground.publish(Playground.ROWS, "--max-in-flight", "0").exitCode())
                .isEqualTo(ExitCode.USAGE);
    }
}
