package io.penstock.it;

import static io.penstock.it.KillablePublisher.DATA;
import static io.penstock.it.KillablePublisher.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.it.StoreKind.RunningStore;
import io.penstock.publisher.PublicationObserver;
import io.penstock.publisher.PublicationReport;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.PublisherOptions;
import io.penstock.publisher.Step;
import io.penstock.publisher.collect.GcOptions;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills a publishing process (SIGKILL) at every step it names and at random moments. Each time: what is current is the
 * old version or the new one, whole; the next publication succeeds; and after a collection the store holds exactly what
 * the catalog's versions name.
 */
@ParameterizedClass
@MethodSource("io.penstock.it.StoreKind#killable")
class PublisherKillIT {
    private static final int RANDOM_KILLS = 20;

    @Parameter
    @SuppressWarnings("NullAway.Init") // set before every test
    private StoreKind kind;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before every test
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before every test
    private RunningStore running;

    @SuppressWarnings("NullAway.Init") // set before every test
    private Store store;

    @SuppressWarnings("NullAway.Init") // set before every test
    private StoreAudit audit;

    /** The state of the data that was last committed, and the one the killed publisher was to bring. */
    private long committed;

    static Publisher publisher(Store store, PublicationObserver observer) {
        PublisherOptions options = PublisherOptions.DEFAULTS
                .withHeartbeat(Duration.ofMillis(50), Duration.ofMillis(500))
                .withPresenceTtl(Duration.ofMillis(100))
                .withAdoptionTimeout(Duration.ofSeconds(5))
                .withGrace(Duration.ZERO);
        return Publisher.builder(store).options(options).observer(observer).build();
    }

    @BeforeEach
    void publishTheFirstVersion() {
        running = kind.start(directory);
        store = Stores.open(running.url(), true);
        audit = new StoreAudit(store, NAMESPACE);
        publish(1);
    }

    @AfterEach
    void close() {
        store.close();
        running.close();
    }

    @Test
    void aPublisherKilledAtAnyStepLeavesTheOldOrTheNewVersionWhole() throws Exception {
        Set<Step> reached = EnumSet.noneOf(Step.class);
        for (Step step : Step.values()) {
            publish(committed + 1); // retires a version, so that the one to be killed has something to collect
            long state = committed + 1;
            if (killAt(step, state)) {
                reached.add(step);
            }
            checkAndHeal(state, "killed at " + step);
        }
        assertThat(reached).hasSizeGreaterThanOrEqualTo(20);
        assertThat(EnumSet.complementOf(EnumSet.copyOf(reached))).containsOnly(Step.SLOT_WATCHED);
    }

    @Test
    void anUpsertKilledAtAnyOfItsStepsLeavesTheOldOrTheNewVersionWhole() throws Exception {
        List<Step> steps = List.of(
                Step.READ,
                Step.LAYOUT_RECORDED,
                Step.INTENT_WRITTEN,
                Step.BUCKETS_SENT,
                Step.CHUNK_WRITTEN,
                Step.MANIFEST_WRITTEN,
                Step.COMMITTING,
                Step.COMMITTED);
        for (Step step : steps) {
            long state = committed + 1;
            assertThat(killAt(step, state, "upsert")).as("reached " + step).isTrue();
            checkAndHeal(state, "an upsert killed at " + step);
        }
    }

    @Test
    void aPublisherKilledAtRandomMomentsLeavesTheOldOrTheNewVersionWhole() throws Exception {
        SplittableRandom random = new SplittableRandom(20261120);
        for (int i = 0; i < RANDOM_KILLS; i++) {
            long state = committed + 1;
            long delayMillis = random.nextLong(700);
            killAfter(delayMillis, state);
            checkAndHeal(state, "killed " + delayMillis + " ms after it began, kill " + i);
        }
    }

    private void publish(long state) {
        try (Publisher publisher = publisher(store, PublicationObserver.NONE)) {
            PublicationReport report = publisher.publish(KillablePublisher.publication(state));
            assertThat(report).isNotNull();
            committed = state;
        }
    }

    /** After a kill: whole, publishable, and clean. */
    private void checkAndHeal(long attempted, String what) {
        long state = audit.currentState(DATA);
        assertThat(state).as(what).isIn(committed, attempted);
        audit.assertCurrentIs(DATA, state);
        publish(attempted + 1);
        audit.assertCurrentIs(DATA, attempted + 1);
        try (Publisher publisher = publisher(store, PublicationObserver.NONE)) {
            publisher.collect(
                    NAMESPACE, GcOptions.DEFAULTS.withGrace(Duration.ZERO).withSweepNow(true));
        }
        audit.assertNoBlobIsLeftOver();
    }

    /** Returns whether the step was reached; kills the process there. */
    private boolean killAt(Step step, long state, String... mode) throws Exception {
        Process process = start(state, step.name(), mode);
        try (BufferedReader lines = lines(process)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals("AT " + step)) {
                    kill(process);
                    return true;
                }
            }
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("exit without reaching " + step).isZero();
        return false;
    }

    private void killAfter(long millis, long state) throws Exception {
        Process process = start(state, "-");
        try (BufferedReader lines = lines(process)) {
            assertThat(lines.readLine()).as("first line of the publisher").startsWith("AT ");
            process.waitFor(millis, TimeUnit.MILLISECONDS);
            kill(process);
        }
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly(); // SIGKILL
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private Process start(long state, String stopAt, String... mode) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--add-opens",
                "java.base/java.nio=ALL-UNNAMED",
                "--add-opens",
                "java.base/sun.nio.ch=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                KillablePublisher.class.getName()));
        command.addAll(List.of(running.url(), Long.toString(state), stopAt));
        command.addAll(List.of(mode));
        return new ProcessBuilder(command)
                .redirectError(directory.resolve("publisher.err").toFile())
                .start();
    }

    private static BufferedReader lines(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }
}
