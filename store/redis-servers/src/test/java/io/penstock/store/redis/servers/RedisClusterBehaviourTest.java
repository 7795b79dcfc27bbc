package io.penstock.store.redis.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RedisClusterBehaviourTest {
    @Test
    void sharesTheSlotsAndMovesThem() {
        try (RedisCluster cluster = RedisCluster.start()) {
            int slot = cluster.slot("a");
            assertThat(slot).isEqualTo(15495);
            assertThat(cluster.owner(slot)).isEqualTo(2);
            assertThat(cluster.owner(0)).isEqualTo(0);
            cluster.node(2).command("SET", "a", "1");
            assertThatThrownBy(() -> cluster.node(0).command("GET", "a"))
                    .hasMessage("MOVED 15495 " + cluster.node(2).address());
            cluster.beginMove(slot, 0);
            assertThatThrownBy(() -> cluster.node(2).command("GET", "a"))
                    .hasMessage("ASK 15495 " + cluster.node(0).address());
            cluster.endMove(slot, 0);
            assertThat(cluster.owner(slot)).isEqualTo(0);
            assertThat(cluster.node(0).command("GET", "a")).isEqualTo("1");
        }
    }

    @Test
    void replicasTakeOver() {
        try (RedisCluster cluster = RedisCluster.startWithReplicas(1)) {
            cluster.node(1).kill();
            Waiting.until(
                    "node 4 takes over",
                    () -> "",
                    () -> cluster.node(4).info("role").equals("master"));
            cluster.awaitWhole();
            assertThat(cluster.owner(6000)).isEqualTo(4);
        }
    }
}
