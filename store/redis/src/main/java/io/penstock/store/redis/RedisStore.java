package io.penstock.store.redis;

import io.penstock.store.EventLoopHandle;
import io.penstock.store.Headroom;
import io.penstock.store.Store;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.presence.Presence;
import io.penstock.store.redis.blob.DurabilityBarrier;
import io.penstock.store.redis.blob.RedisBlobReader;
import io.penstock.store.redis.blob.RedisBlobWriter;
import io.penstock.store.redis.connection.RedisConnections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A Redis as a store; which kind, its URL says. */
final class RedisStore implements Store {
    private final RedisUrl url;
    private final RedisConnections connections;

    private RedisStore(RedisUrl url, RedisConnections connections) {
        this.url = url;
        this.connections = connections;
    }

    static RedisStore open(RedisUrl url) {
        return new RedisStore(url, RedisConnections.open(url.config()));
    }

    @Override
    public String url() {
        return connections.url();
    }

    @Override
    public BlobReader openReader(EventLoopHandle loop) {
        connections.requireOpen();
        return RedisBlobReader.open(connections, loop, url.pendingReads());
    }

    @Override
    public BlobWriter openWriter() {
        connections.requireOpen();
        return new RedisBlobWriter(connections, new NoBarrier());
    }

    @Override
    public CatalogRegister catalog(String namespace) {
        return new InterimCatalog(connections, namespace);
    }

    @Override
    public Presence presence(String namespace) {
        return new InterimPresence(connections, namespace);
    }

    @Override
    public void checkHealth() {
        connections.requireOpen();
    }

    @Override
    public Headroom headroom() {
        connections.requireOpen();
        return Headroom.UNKNOWN;
    }

    private static final class NoBarrier implements DurabilityBarrier {
        @Override
        public CompletionStage<Void> begin() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> pass() {
            return CompletableFuture.completedFuture(null);
        }
    }

    @Override
    public void close() {
        connections.close();
    }
}
