package io.penstock.store.redis.servers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedisReplicationBehaviourTest {
    @Test
    void replicasHoldWhatThePrimaryWrites() {
        try (RedisReplication replication = RedisReplication.start(2, "requirepass secret")) {
            replication.primary().command("SET", "a", "1");
            assertThat(replication.primary().command("WAIT", "2", "5000")).isEqualTo("2");
            assertThat(replication.replica(0).command("GET", "a")).isEqualTo("1");
            assertThat(replication.replica(1).command("GET", "a")).isEqualTo("1");
            assertThat(replication.url()).isEqualTo(replication.primary().url());
        }
    }

    @Test
    void promotedReplicaTakesWrites() {
        try (RedisReplication replication = RedisReplication.start(1)) {
            replication.promote(0);
            assertThat(replication.replica(0).info("role")).isEqualTo("master");
            replication.primary().command("SET", "a", "1");
            replication.replica(0).command("SET", "a", "2");
            assertThat(replication.replica(0).command("GET", "a")).isEqualTo("2");
        }
    }
}
