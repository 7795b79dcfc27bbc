package io.penstock.store.lmdb;

import io.penstock.store.StoreException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.LmdbNativeException;
import org.lmdbjava.Txn;

/** Says in our words what LMDB or the operating system refused. */
final class LmdbErrors {
    static final int EPERM = 1;
    static final int EIO = 5;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int ENOSPC = 28;
    static final int EROFS = 30;
    static final int EDQUOT = 122;

    private LmdbErrors() {}

    /** What went wrong with the store in {@code directory}. */
    static StoreException of(Throwable error, Path directory) {
        String store = "LMDB store " + directory + ": ";
        if (error instanceof StoreException already) {
            return already;
        }
        if (error instanceof Env.MapFullException || error instanceof Txn.TxFullException) {
            return full(directory, error);
        }
        if (error instanceof Env.ReadersFullException) {
            return exception(
                    StoreException.Code.OVERLOADED,
                    store + "its reader table is full; stop processes that use it, or stop all of them, delete its"
                            + " lock.mdb and open it with a larger max_readers",
                    error);
        }
        if (error instanceof Env.FileInvalidException
                || error instanceof LmdbNativeException.PageCorruptedException
                || error instanceof LmdbNativeException.PageNotFoundException
                || error instanceof LmdbNativeException.PanicException) {
            return exception(
                    StoreException.Code.CORRUPT,
                    store + "its data.mdb is damaged or not an LMDB file; restore it, or publish to a new directory",
                    error);
        }
        if (error instanceof Env.VersionMismatchException) {
            return exception(
                    StoreException.Code.NEWER_FORMAT,
                    store + "its data.mdb was written by another version of LMDB; use the program that wrote it",
                    error);
        }
        if (error instanceof Dbi.MapResizedException) {
            return exception(
                    StoreException.Code.UNREACHABLE,
                    store + "another process uses it with a larger map_size; restart this one with the same",
                    error);
        }
        if (error instanceof Env.AlreadyClosedException) {
            return closed("LMDB store " + directory);
        }
        if (error instanceof LmdbNativeException system) {
            return ofSystem(system, directory);
        }
        return exception(StoreException.Code.INTERNAL, store + "unexpected failure", error);
    }

    private static StoreException ofSystem(LmdbNativeException error, Path directory) {
        String store = "LMDB store " + directory + ": ";
        return switch (error.getResultCode()) {
            case ENOSPC, EDQUOT -> full(directory, error);
            case EACCES, EPERM, EROFS ->
                exception(
                        StoreException.Code.UNREACHABLE,
                        store + "permission denied; this user needs to read and write the directory and the files in it"
                                + " (readers register in lock.mdb)",
                        error);
            case EIO ->
                exception(StoreException.Code.UNREACHABLE, store + "the disk reports an error; check the disk", error);
            case ENOMEM ->
                exception(
                        StoreException.Code.UNREACHABLE,
                        store
                                + "the system refused the address space of the map; raise the limit ('ulimit -v'), or open it"
                                + " with a smaller map_size",
                        error);
            default -> exception(StoreException.Code.INTERNAL, store + "unexpected failure", error);
        };
    }

    static StoreException full(Path directory, @Nullable Throwable cause) {
        return exception(
                StoreException.Code.FULL,
                "LMDB store " + directory
                        + ": no space left for more blobs; run 'penstock gc', free disk space, or open"
                        + " it everywhere with a larger map_size",
                cause);
    }

    static StoreException closed(String what) {
        return new StoreException(StoreException.Code.CLOSED, what + " is closed; open it again");
    }

    private static StoreException exception(StoreException.Code code, String message, @Nullable Throwable cause) {
        return new StoreException(code, message, cause);
    }
}
