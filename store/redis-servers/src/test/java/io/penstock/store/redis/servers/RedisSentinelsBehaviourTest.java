package io.penstock.store.redis.servers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedisSentinelsBehaviourTest {
    @Test
    void promoteTheReplicaWhenAsked() {
        try (RedisSentinels sentinels = RedisSentinels.start()) {
            assertThat(sentinels.url())
                    .isEqualTo("redis-sentinel://" + sentinels.sentinel(0).address() + ","
                            + sentinels.sentinel(1).address() + ","
                            + sentinels.sentinel(2).address() + "/penstock");
            RedisServer first = sentinels.primary();
            RedisServer second = sentinels.replica();
            assertThat(sentinels.failover()).isSameAs(second);
            assertThat(second.info("role")).isEqualTo("master");
            assertThat(sentinels.replica()).isSameAs(first);
        }
    }

    @Test
    void noticeADeadPrimary() {
        try (RedisSentinels sentinels = RedisSentinels.start("requirepass secret")) {
            RedisServer first = sentinels.primary();
            RedisServer second = sentinels.replica();
            first.kill();
            assertThat(sentinels.awaitPrimaryOtherThan(first)).isSameAs(second);
        }
    }
}
