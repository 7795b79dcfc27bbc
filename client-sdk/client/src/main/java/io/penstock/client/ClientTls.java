package io.penstock.client;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a client and its servers prove who they are. Files are PEM, and are read once, when the client is built.
 *
 * @param authorities the certificates of the authorities that servers' certificates are trusted from; empty: the JVM's
 * @param identity what this client proves who it is with; empty: nothing
 * @param serverName the name that servers' certificates are for; empty: that of each in the target
 */
public record ClientTls(Optional<Path> authorities, Optional<Identity> identity, Optional<String> serverName) {
    private static final ClientTls JVM_AUTHORITIES =
            new ClientTls(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * A client's certificate.
     *
     * @param certificates the client's, followed by those up to the authority's
     * @param key its private key, PKCS#8, not encrypted
     */
    public record Identity(Path certificates, Path key) {}

    /** Trusts whom the JVM trusts. */
    public static ClientTls ofJvm() {
        return JVM_AUTHORITIES;
    }

    /** Trusts the authorities in a file and no others. */
    public static ClientTls ofAuthorities(Path authorities) {
        return new ClientTls(Optional.of(authorities), Optional.empty(), Optional.empty());
    }

    /** Shows servers a certificate. */
    public ClientTls withIdentity(Path certificates, Path key) {
        return new ClientTls(authorities, Optional.of(new Identity(certificates, key)), serverName);
    }

    /** Expects certificates for this name, whatever the servers' addresses are. */
    public ClientTls withServerName(String name) {
        return new ClientTls(authorities, identity, Optional.of(name));
    }

    ChannelCredentials credentials() {
        TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
        if (authorities.isPresent()) {
            read(
                    "authorities",
                    authorities.get(),
                    () -> builder.trustManager(authorities.get().toFile()));
        }
        if (identity.isPresent()) {
            Identity own = identity.get();
            read(
                    "identity",
                    own.certificates(),
                    () -> builder.keyManager(
                            own.certificates().toFile(), own.key().toFile()));
        }
        return builder.build();
    }

    private interface Reading {
        Object read() throws IOException;
    }

    private static void read(String what, Path file, Reading reading) {
        try {
            Object unused = reading.read();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "tls: " + what + ": " + file + ": cannot be read (expected: a PEM file): " + e.getMessage(), e);
        }
    }
}
