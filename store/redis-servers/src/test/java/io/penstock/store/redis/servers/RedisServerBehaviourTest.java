package io.penstock.store.redis.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisServerBehaviourTest {
    @Test
    void answersOnItsOwnPortAndKeepsNothingOnDisk() {
        try (RedisServer one = RedisServer.start();
                RedisServer two = RedisServer.start()) {
            assertThat(one.command("SET", "a", "\u0000\u00ff\r\n")).isEqualTo("OK");
            assertThat(one.command("GET", "a")).isEqualTo("\u0000\u00ff\r\n");
            assertThat(two.command("GET", "a")).isNull();
            assertThat(one.url()).isEqualTo("redis://127.0.0.1:" + one.port());
            assertThat(one.command("CONFIG", "GET", "save")).isEqualTo("save\n");
            assertThat(one.info("maxmemory_policy")).isEqualTo("noeviction");
            assertThat(one.info("redis_version")).isEqualTo(one.version());
            assertThat(one.pid()).isNotEqualTo(two.pid());
        }
    }

    @Test
    void takesConfigurationAndItsPassword() {
        try (RedisServer server = RedisServer.start("requirepass secret", "maxmemory 64mb")) {
            assertThat(server.info("maxmemory")).isEqualTo("" + (64 << 20));
            assertThat(server.url()).isEqualTo("redis://:secret@127.0.0.1:" + server.port());
        }
    }

    @Test
    void losesWhatWasNotOnDiskWhenItIsKilled() {
        try (RedisServer server = RedisServer.start()) {
            server.command("SET", "a", "1");
            long before = server.pid();
            server.kill();
            server.kill();
            assertThat(server.isRunning()).isFalse();
            assertThatThrownBy(() -> server.command("GET", "a")).isInstanceOf(UncheckedIOException.class);
            server.restart();
            assertThat(server.pid()).isNotEqualTo(before);
            assertThat(server.command("GET", "a")).isNull();
        }
    }

    @Test
    void findsWhatWasOnDiskWhenItIsRestarted() {
        try (RedisServer server = RedisServer.start("appendonly yes", "appendfsync always")) {
            server.command("SET", "a", "1");
            server.restart();
            assertThat(server.command("GET", "a")).isEqualTo("1");
        }
    }

    @Test
    void isFrozenUntilItIsResumed() {
        try (RedisServer server = RedisServer.start()) {
            server.stop();
            Thread other = new Thread(server::resume);
            assertThat(server.isRunning()).isTrue();
            other.start();
            assertThat(server.command("PING")).isEqualTo("PONG");
            server.stop(); // a frozen one can be closed
        }
    }

    @Test
    void showsItsLogWhenItCannotStart() {
        assertThatThrownBy(() -> RedisServer.start("no-such-setting 1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ended as it started")
                .hasMessageContaining("no-such-setting");
    }

    @Test
    void takesAnotherPortWhenSomebodyWasFaster() {
        try (RedisServer server = RedisServer.start()) {
            assertThatThrownBy(() -> RedisServer.start(RedisServer.Kind.STORE, server.port(), List.of(), null))
                    .isInstanceOf(RedisServer.PortTakenException.class);
            assertThat(server.command("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void passesTheServersErrorsOn() {
        try (RedisServer server = RedisServer.start()) {
            assertThatThrownBy(() -> server.command("GET"))
                    .isInstanceOf(RedisErrorException.class)
                    .hasMessageContaining("wrong number of arguments");
        }
    }

    @Test
    void runsTheEmbeddedExecutable() {
        String before = System.setProperty(RedisExecutable.PROPERTY, "embedded");
        try (RedisServer server = RedisServer.start()) {
            assertThat(server.version()).startsWith("6.2.");
            assertThat(server.info("redis_version")).isEqualTo(server.version());
        } finally {
            if (before == null) {
                System.clearProperty(RedisExecutable.PROPERTY);
            } else {
                System.setProperty(RedisExecutable.PROPERTY, before);
            }
        }
    }
}
