package io.penstock.store.cassandra.connection;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.NoNodeAvailableException;
import com.datastax.oss.driver.api.core.NodeUnavailableException;
import com.datastax.oss.driver.api.core.RequestThrottlingException;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.connection.BusyConnectionException;
import com.datastax.oss.driver.api.core.connection.ClosedConnectionException;
import com.datastax.oss.driver.api.core.connection.HeartbeatException;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.OverloadedException;
import com.datastax.oss.driver.api.core.servererrors.QueryConsistencyException;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import io.penstock.store.StoreException;
import io.penstock.store.StoreException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in our words what a node, the driver or the network refused. Keys and values never are in what it says. */
public final class CassandraErrors {
    private CassandraErrors() {}

    /** What a failure means to who asked. */
    static StoreException of(@Nullable Throwable error, CassandraConfig config) {
        Throwable cause = unwrap(error);
        if (cause instanceof StoreException already) {
            return already;
        }
        String store = "store " + config.url() + ": ";
        List<Throwable> causes = causes(cause);
        for (Throwable one : causes) {
            StoreException known = known(one, store, config);
            if (known != null) {
                return known;
            }
        }
        if (cause instanceof AllNodesFailedException || cause instanceof IllegalStateException) {
            return new StoreException(
                    Code.UNREACHABLE, store + "no node answers; check hosts, port and dc" + tryTls(config), cause);
        }
        return new StoreException(Code.INTERNAL, store + "the driver failed: " + nameOf(cause), cause);
    }

    private static @Nullable StoreException known(Throwable error, String store, CassandraConfig config) {
        if (error instanceof AuthenticationException) {
            return new StoreException(
                    Code.INVALID_URL,
                    store + "it wants another user or password; check the URL, PENSTOCK_CASSANDRA_USER and"
                            + " PENSTOCK_CASSANDRA_PASSWORD",
                    error);
        }
        if (error instanceof UnauthorizedException) {
            return new StoreException(
                    Code.UNREACHABLE,
                    store + "its user may not do that in keyspace " + config.keyspace()
                            + "; grant what docs/stores/cassandra.md lists",
                    error);
        }
        if (error instanceof OverloadedException
                || error instanceof BusyConnectionException
                || error instanceof RequestThrottlingException) {
            return new StoreException(Code.OVERLOADED, store + "it is overloaded; try again later", error);
        }
        if (error instanceof DriverTimeoutException) {
            return new StoreException(Code.UNREACHABLE, store + "no answer in time (timeout, write_timeout)", error);
        }
        if (error instanceof UnavailableException unavailable) {
            return new StoreException(
                    Code.UNREACHABLE,
                    store + "too few nodes are up: " + unavailable.getAlive() + " of " + unavailable.getRequired()
                            + " needed for " + unavailable.getConsistencyLevel(),
                    error);
        }
        if (error instanceof QueryConsistencyException inconsistent) {
            return new StoreException(
                    Code.UNREACHABLE,
                    store + "too few nodes answered: " + inconsistent.getReceived() + " of "
                            + inconsistent.getBlockFor() + " needed for " + inconsistent.getConsistencyLevel(),
                    error);
        }
        if (error instanceof SSLException) {
            return new StoreException(
                    Code.UNREACHABLE,
                    store + "TLS failed: " + error.getMessage() + "; check that this port speaks TLS, and tls_ca",
                    error);
        }
        if (error instanceof InvalidQueryException) {
            return refused(error, store, config);
        }
        if (error instanceof ClosedConnectionException || error instanceof HeartbeatException) {
            return new StoreException(
                    Code.UNREACHABLE,
                    store + "the connection to a node broke; check the nodes" + tryTls(config),
                    error);
        }
        return null;
    }

    /** Cassandra's own text tells what is wrong; it names tables and guardrails, never values. */
    private static StoreException refused(Throwable error, String store, CassandraConfig config) {
        String text = String.valueOf(error.getMessage());
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("disk usage")) {
            return new StoreException(Code.FULL, store + "its disks are full; run 'penstock gc' or add nodes", error);
        }
        if (lower.contains("keyspace") || lower.contains("table")) {
            return new StoreException(
                    Code.NOT_FOUND,
                    store + "keyspace " + config.keyspace() + " or a table of it is gone; run 'penstock store init'",
                    error);
        }
        return new StoreException(Code.INTERNAL, store + "it refused a statement", error);
    }

    /**
     * Whether a statement certainly had no effect: it was never sent, or a node refused to look at it. Everything else may
     * have happened, or may still happen.
     */
    public static boolean isWithoutEffect(Throwable error) {
        Throwable cause = unwrap(error);
        for (Throwable one : cause instanceof AllNodesFailedException all ? nested(all) : List.of(cause)) {
            boolean certain = one instanceof NoNodeAvailableException
                    || one instanceof NodeUnavailableException
                    || one instanceof BusyConnectionException
                    || one instanceof RequestThrottlingException
                    || one instanceof QueryValidationException
                    || one instanceof IllegalStateException
                    || one instanceof StoreException;
            if (!certain) {
                return false;
            }
        }
        return true;
    }

    /** Whether trying an idempotent statement again may help. */
    public static boolean mayPass(Throwable error) {
        for (Throwable one : causes(unwrap(error))) {
            if (one instanceof QueryValidationException || one instanceof StoreException) {
                return false;
            }
        }
        return true;
    }

    private static List<Throwable> causes(Throwable error) {
        List<Throwable> causes = new ArrayList<>();
        List<Throwable> roots = error instanceof AllNodesFailedException all ? nested(all) : List.of(error);
        for (Throwable root : roots) {
            for (Throwable cause = root; cause != null && causes.size() < 100; cause = cause.getCause()) {
                causes.add(cause);
            }
        }
        return causes;
    }

    private static List<Throwable> nested(AllNodesFailedException all) {
        List<Throwable> errors = new ArrayList<>();
        for (Map.Entry<?, List<Throwable>> node : all.getAllErrors().entrySet()) {
            errors.addAll(node.getValue());
        }
        return errors;
    }

    private static Throwable unwrap(@Nullable Throwable error) {
        Throwable cause = error == null ? new IllegalStateException("neither value nor error") : error;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String nameOf(Throwable error) {
        return error.getClass().getSimpleName();
    }

    private static String tryTls(CassandraConfig config) {
        return config.tls() == null ? ", and whether it needs tls=true" : ", and that the port speaks TLS";
    }

    /** What a handle says after it was closed. */
    public static StoreException closed(String what) {
        return new StoreException(Code.CLOSED, what + " is closed; open it again");
    }
}
