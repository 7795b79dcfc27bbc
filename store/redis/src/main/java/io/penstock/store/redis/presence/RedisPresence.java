package io.penstock.store.redis.presence;

import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.presence.Presence;
import io.penstock.store.presence.PresenceCodec;
import io.penstock.store.redis.connection.RedisConnections;
import io.penstock.store.redis.connection.RedisErrorReply;
import io.penstock.store.redis.connection.Reply;
import io.penstock.store.redis.script.WriteScript;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * One key a record, which expires by the server's own clock, and an index of their ids, all in the namespace's slot. The
 * index may name records that are gone already: the records decide.
 */
public final class RedisPresence implements Presence {
    /**
     * Writes the record and its place in the index; removes from the index what has been gone for a minute. The index
     * expires after its last record.
     */
    private static final byte[] PUT = WriteScript.of("""
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            """, "'ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 60000", """
            redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
            redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
            if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then
              redis.call('PEXPIRE', KEYS[1], ARGV[3])
            end
            return 1
            """);

    /** Keys in one command; a longer one would keep the server from its readers. */
    private static final int KEYS_PER_COMMAND = 500;

    private static final byte[] EVAL = ascii("EVAL");
    private static final byte[] MGET = ascii("MGET");
    private static final byte[] GET = ascii("GET");
    private static final byte[] DEL = ascii("DEL");
    private static final byte[] ZRANGE = ascii("ZRANGE");
    private static final byte[] ZREM = ascii("ZREM");
    private static final byte[] FIRST = ascii("0");
    private static final byte[] LAST = ascii("-1");
    private static final byte[] TWO = ascii("2");

    private final RedisConnections connections;
    private final String namespace;
    private final byte[] index;

    public RedisPresence(RedisConnections connections, String namespace) {
        this.connections = connections;
        this.namespace = namespace;
        String prefix = PresenceCodec.prefix(namespace);
        this.index = ascii(prefix.substring(0, prefix.length() - 1));
    }

    @Override
    public CompletionStage<Void> put(PresenceRecord record, Duration ttl) {
        byte[] value = PresenceCodec.encode(namespace, record);
        byte[] millis = ascii(Long.toString(Math.max(1, ttl.toMillis())));
        byte[] id = ascii(record.getId());
        return connections
                .call(index, EVAL, PUT, TWO, index, key(record.getId()), id, value, millis)
                .thenAccept(reply -> {});
    }

    @Override
    public CompletionStage<Void> remove(String id) {
        CompletionStage<Reply> removed = connections.call(index, DEL, key(id));
        return connections.call(index, ZREM, index, ascii(id)).thenCombine(removed, (one, other) -> null);
    }

    @Override
    public CompletionStage<List<PresenceRecord>> list() {
        return connections.call(index, ZRANGE, index, FIRST, LAST).thenCompose(reply -> {
            List<String> ids = reply.list().stream().map(Reply::text).toList();
            CompletionStage<List<PresenceRecord>> all = CompletableFuture.completedFuture(List.of());
            for (int from = 0; from < ids.size(); from += KEYS_PER_COMMAND) {
                List<String> part = ids.subList(from, Math.min(ids.size(), from + KEYS_PER_COMMAND));
                all = all.thenCombine(records(part), RedisPresence::concat);
            }
            return all;
        });
    }

    private CompletionStage<List<PresenceRecord>> records(List<String> ids) {
        byte[][] command = new byte[1 + ids.size()][];
        command[0] = MGET;
        for (int i = 0; i < ids.size(); i++) {
            command[i + 1] = key(ids.get(i));
        }
        return connections
                .call(index, command)
                .thenApply(Reply::list)
                .exceptionallyCompose(error -> isMoving(error) ? oneByOne(command) : failed(error))
                .thenApply(values -> decode(ids, values));
    }

    /** While a cluster moves the slot, a command about several of its keys is refused and those about one are not. */
    private static boolean isMoving(Throwable error) {
        return unwrap(error) instanceof RedisErrorReply refused
                && refused.kind().equals("TRYAGAIN");
    }

    private CompletionStage<List<Reply>> oneByOne(byte[][] command) {
        CompletionStage<List<Reply>> all = CompletableFuture.completedFuture(List.of());
        for (byte[] key : Arrays.copyOfRange(command, 1, command.length)) {
            all = all.thenCombine(connections.call(key, GET, key).thenApply(List::of), RedisPresence::concat);
        }
        return all;
    }

    private List<PresenceRecord> decode(List<String> ids, List<Reply> values) {
        List<PresenceRecord> records = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            byte[] value = values.get(i).bytes();
            if (value != null) {
                PresenceCodec.decode(namespace, ids.get(i), ByteBuffer.wrap(value))
                        .ifPresent(records::add);
            }
        }
        return records;
    }

    private byte[] key(String id) {
        return ascii(PresenceCodec.keyName(namespace, id));
    }

    private static <T> List<T> concat(List<T> one, List<T> other) {
        List<T> both = new ArrayList<>(one);
        both.addAll(other);
        return both;
    }

    private static Throwable unwrap(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    private static <T> CompletionStage<T> failed(Throwable error) {
        return CompletableFuture.failedFuture(unwrap(error));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
