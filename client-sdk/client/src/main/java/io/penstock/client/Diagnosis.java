package io.penstock.client;

import io.grpc.Status;
import io.penstock.serving.v1.Reason;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What to do about a call that reached no server, or none of ours. gRPC says in its own words, and in those of the
 * transport, what happened; this adds what it means.
 */
final class Diagnosis {
    /** How gRPC quotes the first five bytes of what is no HTTP/2. */
    private static final String FIRST_BYTES = "Hex dump for first 5 bytes: ";

    private static final String TLS_ALERT = FIRST_BYTES + "1503";
    private static final String HTTP_1 = FIRST_BYTES + "485454502f";

    private Diagnosis() {}

    /**
     * What to do; null if the status says enough by itself.
     *
     * @param description what is known about what happened
     */
    static @Nullable String remedy(Status status, @Nullable String description) {
        return switch (status.getCode()) {
            case UNAVAILABLE -> ofConnection(status, description == null ? "" : description);
            case DEADLINE_EXCEEDED -> ofDeadline(description == null ? "" : description);
            case UNIMPLEMENTED ->
                "the server does not know this call: is it a Penstock server, and no older than this client?";
            case INTERNAL, UNKNOWN -> ofProtocol(description == null ? "" : description);
            case UNAUTHENTICATED ->
                description == null ? "see to the client's callCredentials or its tls identity" : null;
            default -> null;
        };
    }

    /** What a server's reason means and what to do, where the server said no more; null if the reason says enough. */
    static @Nullable String remedy(Reason reason) {
        return switch (reason) {
            case REASON_UNKNOWN_DATASET -> "the server has no such dataset";
            case REASON_UNKNOWN_VERSION -> "the version asked for was never committed; ask for the current one";
            case REASON_VERSION_RETIRED -> "the version asked for is not kept any more; ask for the current one";
            case REASON_VERSION_ROLLED_BACK -> "the version asked for was rolled back; ask for the current one";
            case REASON_TOO_OLD ->
                "the data is older than the maxAge asked for; allow more, or have newer data published";
            case REASON_VERSION_EXPIRED -> "the version may not be read any more; have newer data published";
            case REASON_BUCKET_LOST, REASON_BUCKET_CORRUPT ->
                "stored rows are lost or damaged; have the dataset verified, and published again with --rewrite";
            case REASON_STORE_UNREACHABLE -> "the server does not reach its store";
            case REASON_NOT_INITIALISED, REASON_CATALOG_UNCONFIRMED ->
                "the server cannot confirm which version is current";
            case REASON_REVISION_NOT_REACHED -> "the server has not adopted what was seen elsewhere; ask again";
            case REASON_VERSION_LOADING -> "the server is loading the version; ask again";
            case REASON_OVERLOADED -> "the server has more to do than it can; ask for less, and later";
            case REASON_RESPONSE_TOO_LARGE -> "the answer would be too large; ask for fewer keys or fields";
            case REASON_DEADLINE_EXCEEDED ->
                "no answer in time: give the read more (withDeadline), or find out why the store is slow";
            default -> null;
        };
    }

    private static @Nullable String ofConnection(Status status, String description) {
        if (description.contains("NOT_SERVING")) {
            return "the server is there and takes no reads: it is starting, ending, or cannot confirm its catalog";
        }
        String protocol = ofProtocol(description);
        if (protocol != null) {
            return protocol;
        }
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            String remedy = ofCause(cause);
            if (remedy != null) {
                return remedy;
            }
        }
        return description.contains("end of stream") || description.contains("closed") || description.contains("reset")
                ? "the connection ended before an answer came; if it always does, look for TLS or another protocol on that"
                        + " port"
                : null;
    }

    /** Something listens there that is not gRPC, or is protected otherwise. */
    private static @Nullable String ofProtocol(String description) {
        if (description.contains(TLS_ALERT)) {
            return "the server expects TLS: give the client tls(...)";
        }
        if (description.contains(HTTP_1)) {
            return "that port speaks HTTP/1: give the server's gRPC port (7070 unless set otherwise; 7071 is for metrics)";
        }
        if (description.contains(FIRST_BYTES)) {
            return "what listens there does not speak gRPC: correct the port";
        }
        return null;
    }

    private static @Nullable String ofCause(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof UnknownHostException) {
            return "no such host: correct the target, or the name service";
        }
        if (cause instanceof ConnectException) {
            return message.toLowerCase(Locale.ROOT).contains("refused")
                    ? "nothing listens there: start the server, or correct the target's host and port"
                    : "the host cannot be reached: see to the address, the network and its firewalls";
        }
        if (cause instanceof NoRouteToHostException) {
            return "the host cannot be reached: see to the address, the network and its firewalls";
        }
        // By its name: the transport brings its own copy of the class.
        if (cause.getClass().getSimpleName().equals("NotSslRecordException")) {
            return "the server does not speak TLS: leave tls(...) out, or set its tls.certificate and tls.key";
        }
        if (cause instanceof CertificateException) {
            return message.contains("subject alternative") || message.contains("matching")
                    ? "the server's certificate is for another name: correct the target, or give ClientTls.withServerName"
                    : "the server's certificate is not trusted: give its authority with ClientTls.ofAuthorities";
        }
        // An untrusted certificate is a cause of such an exception, too: so only the innermost counts.
        return cause instanceof SSLException
                        && cause.getCause() == null
                        && wantsCertificate(message.toLowerCase(Locale.ROOT))
                ? "the server ended the TLS handshake: does it want a certificate of the client's (ClientTls.withIdentity)?"
                : null;
    }

    /** By how TLS libraries write the alerts that are sent to a client without a certificate. */
    private static boolean wantsCertificate(String alert) {
        return alert.contains("certificate") || alert.contains("handshake_failure") || alert.contains("closed");
    }

    private static String ofDeadline(String description) {
        return description.contains("buffered_nanos") || description.contains("waiting_for_connection")
                ? "no connection stood in time: is the server up, and is its address the one given?"
                : "no answer in time: give the read more (withDeadline), or find out why the server is slow";
    }
}
