package io.penstock.store.lmdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.StoreException.Code;
import io.penstock.store.StoreUrl;
import io.penstock.store.Stores;
import io.penstock.store.catalog.CatalogRegister.CasResult;
import io.penstock.store.testkit.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lmdbjava.Env;

class LmdbOpeningTest {
    @TempDir
    private Path temporary;

    @Test
    void defaultsAreTheDocumentedOnes() {
        LmdbConfig config = LmdbConfig.of(StoreUrl.parse("lmdb:./data/store"));
        assertThat(config.directory()).isEqualTo(Path.of("data/store").toAbsolutePath());
        assertThat(config.mapSizeBytes()).isEmpty();
        assertThat(LmdbConfig.MAP_SIZE_DEFAULT_BYTES).isEqualTo(1_099_511_627_776L);
        assertThat(config.readersMax()).isEqualTo(1_024);
    }

    @ParameterizedTest
    @CsvSource({"8MiB, 8388608", "64GiB, 68719476736", "10000000, 10027008", "8192KiB, 8388608", "64TiB, 70368744177664"
    })
    void mapSizeIsReadWithUnitsAndRoundedUpToPages(String text, long bytes) {
        assertThat(LmdbConfig.of(StoreUrl.parse("lmdb:x?map_size=" + text)).mapSizeBytes())
                .hasValue(bytes);
    }

    @Test
    void readersAreRead() {
        assertThat(LmdbConfig.of(StoreUrl.parse("lmdb:x?max_readers=16")).readersMax())
                .isEqualTo(16);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1MiB", "65TiB", "-1", "1G", "1 GiB", "", "99999999999999TiB"})
    void mapSizeOutsideTheRangeIsRefused(String text) {
        assertThatThrownBy(() -> LmdbConfig.of(StoreUrl.parse("lmdb:x?map_size=" + text)))
                .isInstanceOf(StoreException.class)
                .hasMessage("store URL option map_size: '" + text + "' (expected: 8MiB to 64TiB, such as 64GiB)");
    }

    @Test
    void otherOptionsAreRefused() {
        assertRefused(
                "lmdb:x?max_readers=1", Code.INVALID_URL, "store URL option max_readers: '1' (expected: 16 to 65536)");
        assertRefused(
                "lmdb:x?mapsize=1GiB",
                Code.INVALID_URL,
                "store URL option: 'mapsize' (expected: one of [map_size, max_readers])");
        assertRefused("lmdb:", Code.INVALID_URL, "store URL: 'lmdb:' names no directory (expected: lmdb:./path)");
    }

    @Test
    void missingDirectoryIsNotFoundAndNotCreated() {
        Path directory = temporary.resolve("nowhere");
        assertRefused(
                "lmdb:" + directory,
                Code.NOT_FOUND,
                "LMDB store " + directory + ": there is no such directory; check the path, or create the store by"
                        + " publishing to it or with 'penstock store init'");
        assertThat(directory).doesNotExist();
    }

    @Test
    void directoryWithoutAStoreIsNotFoundAndLeftAsItIs() {
        assertRefused(
                "lmdb:" + temporary,
                Code.NOT_FOUND,
                "LMDB store " + temporary + ": there is no data.mdb in the directory; check the path, or create the"
                        + " store by publishing to it or with 'penstock store init'");
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void fileInsteadOfADirectoryIsRefused() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        String message = "LMDB store " + file + ": is a file (expected: a directory)";
        assertRefused("lmdb:" + file, Code.INVALID_URL, message);
        assertThatThrownBy(() -> Stores.open("lmdb:" + file, true)).hasMessage(message);
    }

    @Test
    void fileThatIsNotLmdbIsRefused() throws IOException {
        byte[] noise = new byte[64 << 10];
        new Random(1).nextBytes(noise);
        Files.write(temporary.resolve("data.mdb"), noise);
        assertRefused(
                "lmdb:" + temporary,
                Code.CORRUPT,
                "LMDB store " + temporary + ": its data.mdb is damaged or not an LMDB file; restore it, or publish to a"
                        + " new directory");
    }

    @Test
    void databaseOfAnotherProgramIsRefused() {
        try (Env<ByteBuffer> env = Env.create().open(temporary.toFile())) {
            var dbi = env.openDbi((String) null);
            ByteBuffer key = ByteBuffer.allocateDirect(3).put("key".getBytes(StandardCharsets.US_ASCII));
            dbi.put(key.flip(), ByteBuffer.allocateDirect(1));
        }
        assertRefused(
                "lmdb:" + temporary,
                Code.CORRUPT,
                "LMDB store " + temporary + ": its data.mdb belongs to another program; give the store a directory of"
                        + " its own");
    }

    @Test
    void forbiddenDirectoryIsRefused() throws IOException {
        assumeFalse("root".equals(System.getProperty("user.name")), "root may do everything");
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("r-xr-xr-x"));
        assertThatThrownBy(() -> Stores.open("lmdb:" + temporary.resolve("store"), true))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(Code.UNREACHABLE))
                .hasMessageContaining("permission denied");
    }

    @Test
    void otherMapSizeInTheSameProcessIsRefused() {
        String url = "lmdb:" + temporary;
        try (Store store = Stores.open(url + "?map_size=16MiB", true)) {
            assertRefused(
                    url + "?map_size=32MiB",
                    Code.INVALID_URL,
                    "store URL " + url + "?map_size=32MiB: this process has it open already as " + url
                            + "?map_size=16MiB (expected: the same map_size)");
            store.checkHealth();
        }
        Stores.open(url + "?map_size=32MiB", false).close();
    }

    @Test
    void sameDirectoryByAnotherPathIsTheSameEnvironment() throws IOException {
        Path real = Files.createDirectory(temporary.resolve("real"));
        Path link = Files.createSymbolicLink(temporary.resolve("link"), real);
        try (Store two = Stores.open("lmdb:" + link + "/../link", true)) {
            try (Store one = Stores.open("lmdb:" + real, true)) {
                assertThat(Await.stage(one.catalog("one").compareAndSet(null, new byte[16])))
                        .isEqualTo(CasResult.APPLIED);
                assertThat(Await.stage(two.catalog("one").read())).isPresent();
            }
            assertThat(Await.stage(two.catalog("one").read())).isPresent();
        }
    }

    @Test
    void openingAndClosingFromManyThreadsNeverOpensTwice() {
        String url = "lmdb:" + temporary;
        IntStream.range(0, 64).parallel().forEach(i -> {
            try (Store store = Stores.open(url, true)) {
                assertThat(Await.stage(store.catalog("n" + i).compareAndSet(null, new byte[16])))
                        .isEqualTo(CasResult.APPLIED);
            }
        });
        try (Store store = Stores.open(url, false)) {
            for (int i = 0; i < 64; i++) {
                assertThat(Await.stage(store.catalog("n" + i).read())).isPresent();
            }
        }
    }

    @Test
    void whoeverGetsAnAnswerMayCloseTheStore() {
        Store store = Stores.open("lmdb:" + temporary, true);
        Await.stage(store.catalog("one").read().thenRun(store::close));
        Store again = Stores.open("lmdb:" + temporary, true);
        Await.stage(again.catalog("one").compareAndSet(null, new byte[16]).thenRun(again::close));
        Stores.open("lmdb:" + temporary, false).close();
    }

    @Test
    void deletedFileIsNoticed() throws IOException {
        Path directory = temporary.resolve("store");
        try (Store store = Stores.open("lmdb:" + directory, true)) {
            Files.delete(directory.resolve("data.mdb"));
            assertThatThrownBy(store::checkHealth)
                    .isInstanceOf(StoreException.class)
                    .hasMessage("LMDB store " + directory + ": its data.mdb was deleted or replaced while it was open;"
                            + " restart every process that uses it");
        }
    }

    private static void assertRefused(String url, Code code, String message) {
        assertThatThrownBy(() -> Stores.open(url, false).close())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessage(message);
    }
}
