package io.penstock.benchmarks.process;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.benchmarks.data.Published;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A {@code penstock bench data} of its own: it publishes version after version of synthetic data, and tells of each. */
public final class PublisherProcess implements AutoCloseable {
    private static final Duration PUBLICATION_MAX = Duration.ofMinutes(60);

    private final ChildProcess child;

    PublisherProcess(ChildProcess child) {
        this.child = child;
    }

    /** Waits for the end of its next publication. */
    public Published next() throws InterruptedException {
        return published(child.nextLine(PUBLICATION_MAX));
    }

    /** Waits until it has published all it was asked to; what it has not told yet, in order. */
    public List<Published> rest() throws InterruptedException {
        child.awaitEnd(PUBLICATION_MAX);
        List<Published> rest = new ArrayList<>();
        child.remainingLines().forEach(line -> rest.add(published(line)));
        return rest;
    }

    private static Published published(String line) {
        JsonNode said = Lines.json(line);
        return Lines.as(Published.class, said);
    }

    public String commandLine() {
        return child.commandLine();
    }

    @Override
    public void close() {
        child.close();
    }
}
