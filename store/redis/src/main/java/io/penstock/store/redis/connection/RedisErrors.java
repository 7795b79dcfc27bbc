package io.penstock.store.redis.connection;

import io.penstock.store.StoreException;
import io.penstock.store.StoreException.Code;
import java.net.ConnectException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in our words what a server or the network refused. */
public final class RedisErrors {
    private RedisErrors() {}

    /** An error a server answered a command with. Its text is kept only where Redis puts no key or argument into it. */
    static RedisErrorReply ofReply(String error, NodeAddress node) {
        String server = "Redis server " + node + ": ";
        String kind = kind(error);
        return switch (kind) {
            case "OOM" ->
                reply(
                        Code.FULL,
                        server
                                + "out of memory (maxmemory reached); run 'penstock gc', raise maxmemory, or add servers",
                        kind);
            case "MISCONF" ->
                reply(
                        Code.FULL,
                        server + "it refuses writes because it cannot save to its disk; see its log, free disk space",
                        kind);
            case "NOREPLICAS" ->
                reply(
                        Code.UNREACHABLE,
                        server + "it refuses writes because too few replicas follow it (min-replicas-to-write)",
                        kind);
            case "LOADING" -> reply(Code.UNREACHABLE, server + "it is loading its data; try again later", kind);
            case "BUSY" -> reply(Code.UNREACHABLE, server + "it is busy with a script; try again later", kind);
            case "CLUSTERDOWN" -> reply(Code.UNREACHABLE, server + "the cluster is down or a slot has no server", kind);
            case "READONLY" ->
                reply(Code.UNREACHABLE, server + "it is a replica now; its primary is being looked up", kind);
            case "MASTERDOWN" -> reply(Code.UNREACHABLE, server + "it is a replica that has lost its primary", kind);
            case "MOVED", "ASK", "TRYAGAIN" ->
                reply(Code.UNREACHABLE, server + "the key is moving between servers; try again later", kind);
            case "NOAUTH" -> reply(Code.UNREACHABLE, server + NO_LOGIN, kind);
            case "WRONGPASS" -> reply(Code.UNREACHABLE, server + WRONG_LOGIN, kind);
            case "NOPERM" ->
                reply(
                        Code.UNREACHABLE,
                        server
                                + "its user may not run this command or use this key; grant what docs/stores/redis.md lists",
                        kind);
            default -> reply(Code.INTERNAL, server + "it refused a command: " + kind, kind);
        };
    }

    /** Why a connection was not made, told by what the driver and the network said. */
    static StoreException ofConnecting(@Nullable Throwable error, NodeAddress node, RedisConfig config) {
        String server = "Redis server " + node + ": ";
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof StoreException already) {
                return already;
            }
            if (cause instanceof UnknownHostException) {
                return new StoreException(Code.UNREACHABLE, server + "unknown host; check the URL", error);
            }
            if (cause instanceof ConnectException) {
                return new StoreException(
                        Code.UNREACHABLE,
                        server + "nothing answers there: " + cause.getMessage() + "; check host and port",
                        error);
            }
            String message = String.valueOf(cause.getMessage());
            if (message.startsWith("NOAUTH")) {
                return new StoreException(Code.INVALID_URL, server + NO_LOGIN, error);
            }
            if (message.startsWith("WRONGPASS") || message.startsWith("ERR AUTH")) {
                return new StoreException(Code.INVALID_URL, server + WRONG_LOGIN, error);
            }
            if (message.startsWith("DENIED")) {
                return new StoreException(
                        Code.INVALID_URL,
                        server
                                + "it runs in protected mode and takes connections from its own machine only; give it a password",
                        error);
            }
            if (message.startsWith("ERR max number of clients")) {
                return new StoreException(Code.UNREACHABLE, server + "it has no connection left (maxclients)", error);
            }
            if (cause instanceof SSLException) {
                return new StoreException(
                        Code.UNREACHABLE,
                        server + "TLS failed: " + message + "; check that this port speaks TLS, and tls_ca",
                        error);
            }
            if (message.startsWith("Invalid first byte")) {
                return new StoreException(
                        Code.UNREACHABLE,
                        server + "what answers there is not a Redis" + (config.tls() == null ? TRY_TLS : ""),
                        error);
            }
        }
        return new StoreException(
                Code.UNREACHABLE,
                server + "no connection within " + config.timeout().toMillis() + " ms, or closed at once"
                        + (config.tls() == null ? TRY_TLS : "; check that this port speaks TLS"),
                error);
    }

    private static final String NO_LOGIN = "it wants a password; put it into the URL or PENSTOCK_REDIS_PASSWORD";
    private static final String WRONG_LOGIN =
            "wrong user or password; check the URL, PENSTOCK_REDIS_USER and PENSTOCK_REDIS_PASSWORD";
    private static final String TRY_TLS = "; check host and port, and whether it needs tls=true";

    static String kind(String error) {
        int space = error.indexOf(' ');
        return space < 0 ? error : error.substring(0, space);
    }

    private static RedisErrorReply reply(Code code, String message, String kind) {
        return new RedisErrorReply(code, message, kind);
    }

    /** What a handle says after it was closed. */
    public static StoreException closed(String what) {
        return new StoreException(Code.CLOSED, what + " is closed; open it again");
    }
}
