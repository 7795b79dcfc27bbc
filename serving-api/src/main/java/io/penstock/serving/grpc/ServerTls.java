package io.penstock.serving.grpc;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.penstock.serving.ServingException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/** Makes the server's side of TLS from PEM files, with the JDK's implementation. */
final class ServerTls {
    private ServerTls() {}

    static SslContext context(Path certificate, Path key) {
        requireReadable("tls.certificate", certificate);
        requireReadable("tls.key", key);
        try {
            return GrpcSslContexts.configure(
                            SslContextBuilder.forServer(certificate.toFile(), key.toFile()), SslProvider.JDK)
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new ServingException(
                    ServingException.Code.INVALID_CERTIFICATE,
                    "tls.certificate " + certificate + " and tls.key " + key
                            + " cannot be used (expected: a PEM chain and its PKCS#8 PEM key, not encrypted): "
                            + e.getMessage(),
                    e);
        }
    }

    private static void requireReadable(String setting, Path file) {
        if (!Files.isReadable(file)) {
            throw new ServingException(
                    ServingException.Code.INVALID_CERTIFICATE, setting + ": " + file + " cannot be read");
        }
    }
}
