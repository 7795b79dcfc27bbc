package io.penstock.store.lmdb;

import io.penstock.store.StoreException;
import io.penstock.store.lmdb.LmdbEnvironment.OpenedFile;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.LmdbNativeException;
import org.lmdbjava.Txn;

/** Finds, creates and opens the files of an environment, and says clearly why not. */
final class EnvironmentFiles {
    /** The layout this program reads and writes. */
    private static final byte[] FORMAT = {'1'};

    private static final int FILE_MODE = 0640;
    private static final long MAP_SIZE_FALLBACK_MIN_BYTES = 1L << 30;

    /** File systems whose locks and shared maps are not the same for all machines that mount them. */
    private static final Set<String> REMOTE =
            Set.of("nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs");

    private EnvironmentFiles() {}

    static Path dataFile(Path directory) {
        return directory.resolve("data.mdb");
    }

    /** Makes sure that the directory is there, and returns its real path. */
    static Path prepare(LmdbConfig config, boolean create) {
        Path directory = config.directory();
        if (!create && !Files.exists(directory)) {
            throw notFound(directory, "there is no such directory");
        }
        try {
            if (create) {
                Files.createDirectories(directory);
            }
            if (!Files.isDirectory(directory)) {
                throw notADirectory(directory);
            }
            if (!create && Files.isReadable(directory) && !Files.exists(dataFile(directory))) {
                throw notFound(directory, "there is no data.mdb in the directory");
            }
            return directory.toRealPath();
        } catch (FileAlreadyExistsException e) {
            throw notADirectory(directory);
        } catch (AccessDeniedException e) {
            throw new StoreException(
                    StoreException.Code.UNREACHABLE,
                    "LMDB store " + directory + ": permission denied; this user needs to read and write the directory",
                    e);
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Code.UNREACHABLE,
                    "LMDB store " + directory + ": the directory cannot be opened or created ("
                            + e.getClass().getSimpleName() + "); check the path and the disk",
                    e);
        }
    }

    static OpenedFile open(LmdbConfig config, Path directory, boolean create) {
        Env<ByteBuffer> env = openMap(config, directory);
        try {
            Dbi<ByteBuffer> dbi = openTree(env, directory, create);
            return new OpenedFile(env, dbi);
        } catch (RuntimeException e) {
            env.close();
            throw LmdbErrors.of(e, directory);
        }
    }

    private static Env<ByteBuffer> openMap(LmdbConfig config, Path directory) {
        long mapSize = config.mapSizeBytes().orElse(LmdbConfig.MAP_SIZE_DEFAULT_BYTES);
        while (true) {
            try {
                return openMap(config, directory.toFile(), mapSize);
            } catch (LinkageError e) {
                throw new StoreException(
                        StoreException.Code.INTERNAL,
                        "LMDB store " + directory + ": LMDB's native library cannot be loaded on this system; if "
                                + System.getProperty("java.io.tmpdir")
                                + " forbids execution, set -Dlmdbjava.extract.dir to a directory that allows it",
                        e);
            } catch (RuntimeException e) {
                boolean isTooLarge = e instanceof LmdbNativeException system
                        && system.getResultCode() == LmdbErrors.ENOMEM
                        && config.mapSizeBytes().isEmpty()
                        && mapSize > MAP_SIZE_FALLBACK_MIN_BYTES;
                if (!isTooLarge) {
                    throw LmdbErrors.of(e, directory);
                }
                mapSize /= 2; // address space is limited; the store can hold less then
            }
        }
    }

    /**
     * NOTLS: a read transaction belongs to its reader, not to a thread. NOMETASYNC: a commit flushes once, and only the
     * last one can be undone by a power failure; what must not be is flushed again, see {@link WriteLoop}.
     */
    private static Env<ByteBuffer> openMap(LmdbConfig config, File directory, long mapSize) {
        return Env.create()
                .setMapSize(mapSize)
                .setMaxReaders(config.readersMax())
                .open(directory, FILE_MODE, EnvFlags.MDB_NOTLS, EnvFlags.MDB_NOMETASYNC);
    }

    private static Dbi<ByteBuffer> openTree(Env<ByteBuffer> env, Path directory, boolean create) {
        byte[] format;
        Dbi<ByteBuffer> dbi;
        boolean isEmpty;
        try (Txn<ByteBuffer> txn = env.txnRead()) {
            dbi = env.openDbi(txn, null, null, false);
            isEmpty = dbi.stat(txn).entries == 0;
            ByteBuffer present = dbi.get(txn, direct(KeyNames.FORMAT));
            format = present == null ? null : Snapshot.copy(present);
            txn.commit();
        }
        if (format == null && isEmpty) {
            if (!create) {
                throw notFound(directory, "its data.mdb is empty");
            }
            writeFormat(env, dbi);
            return dbi;
        }
        if (!Arrays.equals(format, FORMAT)) {
            throw new StoreException(
                    format == null ? StoreException.Code.CORRUPT : StoreException.Code.NEWER_FORMAT,
                    "LMDB store " + directory + ": its data.mdb "
                            + (format == null
                                    ? "belongs to another program; give the store a directory of its own"
                                    : "was written by a newer Penstock; upgrade this one"));
        }
        return dbi;
    }

    /** Two processes may do this at once; they write the same. */
    private static void writeFormat(Env<ByteBuffer> env, Dbi<ByteBuffer> dbi) {
        try (Txn<ByteBuffer> txn = env.txnWrite()) {
            dbi.put(txn, direct(KeyNames.FORMAT), direct(FORMAT));
            txn.commit();
        }
    }

    /** @throws StoreException {@code UNSAFE} on a file system of another machine */
    static void requireLocalDisk(Path directory) {
        String type;
        try {
            type = Files.getFileStore(directory).type().toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Code.UNREACHABLE,
                    "LMDB store " + directory + ": its file system does not answer; check the disk",
                    e);
        }
        if (REMOTE.contains(type)) {
            throw new StoreException(
                    StoreException.Code.UNSAFE,
                    "LMDB store " + directory + ": it is on a remote file system (" + type
                            + "), where locks and maps cannot be relied on; put it on a local disk");
        }
    }

    /** What tells this file from another that may take its place, or null if there is none. */
    static @Nullable Object fileKey(Path file) {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return key == null ? file : key;
        } catch (IOException e) {
            return null;
        }
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private static StoreException notFound(Path directory, String what) {
        return new StoreException(
                StoreException.Code.NOT_FOUND,
                "LMDB store " + directory + ": " + what
                        + "; check the path, or create the store by publishing to it or with 'penstock store init'");
    }

    private static StoreException notADirectory(Path directory) {
        return new StoreException(
                StoreException.Code.INVALID_URL, "LMDB store " + directory + ": is a file (expected: a directory)");
    }
}
