package io.penstock.store.redis;

import io.penstock.store.EventLoopHandle;
import io.penstock.store.Headroom;
import io.penstock.store.Store;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.presence.Presence;
import io.penstock.store.redis.blob.RedisBlobReader;
import io.penstock.store.redis.blob.RedisBlobWriter;
import io.penstock.store.redis.catalog.RedisCatalogRegister;
import io.penstock.store.redis.connection.RedisConnections;
import io.penstock.store.redis.health.PrimariesBarrier;
import io.penstock.store.redis.health.RedisHealth;
import io.penstock.store.redis.presence.RedisPresence;

/** A Redis as a store; which kind, its URL says. */
final class RedisStore implements Store {
    private final RedisUrl url;
    private final RedisConnections connections;
    private final RedisHealth health;

    private RedisStore(RedisUrl url, RedisConnections connections) {
        this.url = url;
        this.connections = connections;
        this.health = new RedisHealth(connections);
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
        return new RedisBlobWriter(connections, new PrimariesBarrier(connections, url.waitReplicas()));
    }

    @Override
    public CatalogRegister catalog(String namespace) {
        return new RedisCatalogRegister(connections, namespace);
    }

    @Override
    public Presence presence(String namespace) {
        return new RedisPresence(connections, namespace);
    }

    @Override
    public void checkHealth() {
        health.check();
    }

    @Override
    public Headroom headroom() {
        return health.headroom();
    }

    @Override
    public void close() {
        connections.close();
    }
}
