package io.penstock.store.cassandra.connection;

import com.datastax.oss.driver.api.core.ssl.ProgrammaticSslEngineFactory;
import com.datastax.oss.driver.api.core.ssl.SslEngineFactory;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.penstock.store.StoreException;
import io.penstock.store.cassandra.connection.CassandraConfig.Tls;
import javax.net.ssl.SSLException;

/** Makes TLS of PEM files. */
final class SessionTls {
    private SessionTls() {}

    /** @throws StoreException with {@code INVALID_URL} if a file cannot be used */
    static SslEngineFactory of(CassandraConfig config, Tls tls) {
        SslContextBuilder context = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
        try {
            if (tls.ca() != null) {
                context.trustManager(tls.ca().toFile());
            }
            if (tls.certificate() != null && tls.key() != null) {
                context.keyManager(tls.certificate().toFile(), tls.key().toFile());
            }
            JdkSslContext made = (JdkSslContext) context.build();
            return new ProgrammaticSslEngineFactory(made.context(), null, tls.checksHost());
        } catch (IllegalArgumentException | SSLException e) {
            throw new StoreException(
                    StoreException.Code.INVALID_URL,
                    "store URL " + config.url()
                            + ": tls_ca, tls_cert or tls_key is no readable PEM file of that kind (a key: PKCS #8, no"
                            + " password)",
                    e);
        }
    }
}
