package io.penstock.store.redis;

import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.presence.Presence;
import io.penstock.store.presence.PresenceCodec;
import io.penstock.store.redis.connection.RedisConnections;
import io.penstock.store.redis.connection.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Stands in until the presence package is there. */
final class InterimPresence implements Presence {
    private static final String LIST =
            "local r={} local c='0' repeat local s=redis.call('SCAN',c,'MATCH',KEYS[1]..'*','COUNT',1000)"
                    + " c=s[1] for _,k in ipairs(s[2]) do r[#r+1]=k r[#r+1]=redis.call('GET',k) end until c=='0' return r";

    private final RedisConnections connections;
    private final String namespace;

    InterimPresence(RedisConnections connections, String namespace) {
        this.connections = connections;
        this.namespace = namespace;
    }

    @Override
    public CompletionStage<Void> put(PresenceRecord record, Duration ttl) {
        String name = PresenceCodec.keyName(namespace, record.getId());
        byte[] key = ascii(name);
        return connections
                .call(
                        key,
                        ascii("SET"),
                        key,
                        PresenceCodec.encode(namespace, record),
                        ascii("PX"),
                        ascii(Long.toString(Math.max(1, ttl.toMillis()))))
                .thenApply(reply -> null);
    }

    @Override
    public CompletionStage<Void> remove(String id) {
        byte[] key = ascii(PresenceCodec.keyName(namespace, id));
        return connections.call(key, ascii("DEL"), key).thenApply(reply -> null);
    }

    @Override
    public CompletionStage<List<PresenceRecord>> list() {
        byte[] prefix = ascii(PresenceCodec.prefix(namespace));
        return connections
                .call(prefix, ascii("EVAL"), ascii(LIST), ascii("1"), prefix)
                .thenApply(reply -> {
                    List<PresenceRecord> records = new ArrayList<>();
                    List<Reply> pairs = reply.list();
                    for (int i = 0; i + 1 < pairs.size(); i += 2) {
                        byte[] value = pairs.get(i + 1).bytes();
                        if (value != null) {
                            PresenceCodec.decode(
                                            namespace,
                                            pairs.get(i).text().substring(prefix.length),
                                            ByteBuffer.wrap(value))
                                    .ifPresent(records::add);
                        }
                    }
                    return records;
                });
    }

    private static byte[] ascii(String word) {
        return word.getBytes(StandardCharsets.US_ASCII);
    }
}
