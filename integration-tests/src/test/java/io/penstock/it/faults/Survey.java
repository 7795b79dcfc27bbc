package io.penstock.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Channel;
import io.penstock.serving.v1.GetResponse;
import io.penstock.store.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Asks for every row once, and says how each call ended. What is found is right. */
final class Survey {
    private static final String TIMEOUT = "10S";
    private static final int AT_A_TIME = 25;
    private static final int WARM_ROUNDS = 5;

    private Survey() {}

    /** By row: {@link Tally#FOUND}, or status and reason. */
    static Map<Integer, String> of(PublishedData published, Channel channel) {
        return of(published, channel, published.data().rows());
    }

    /** Asks for the first rows until each is cached and known to be asked for often. */
    static void warm(PublishedData published, Channel channel, int rows) {
        for (int i = 0; i < WARM_ROUNDS; i++) {
            assertThat(of(published, channel, rows).values()).containsOnly(Tally.FOUND);
        }
    }

    private static Map<Integer, String> of(PublishedData published, Channel channel, int rows) {
        Map<Integer, String> ends = new TreeMap<>();
        for (int from = 0; from < rows; from += AT_A_TIME) {
            int to = Math.min(from + AT_A_TIME, rows);
            List<CompletableFuture<String>> calls = new ArrayList<>();
            for (int row = from; row < to; row++) {
                calls.add(ask(published, channel, row));
            }
            for (int row = from; row < to; row++) {
                ends.put(row, Await.stage(calls.get(row - from)));
            }
        }
        return ends;
    }

    private static CompletableFuture<String> ask(PublishedData published, Channel channel, int row) {
        CompletableFuture<String> ended = new CompletableFuture<>();
        Call.start(channel, published.request(row), TIMEOUT, (how, response) -> {
            try {
                if (response != null) {
                    requireRight(published, row, response);
                }
                ended.complete(how);
            } catch (AssertionError e) {
                ended.completeExceptionally(e);
            }
        });
        return ended;
    }

    private static void requireRight(PublishedData published, int row, GetResponse response) {
        assertThat(response.getValue().toByteArray())
                .as("row " + row)
                .isEqualTo(published.value(row, response.getVersionInfo().getRevision()));
    }
}
