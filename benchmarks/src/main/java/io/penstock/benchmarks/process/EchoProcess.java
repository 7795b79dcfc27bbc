package io.penstock.benchmarks.process;

import java.time.Duration;

/** A {@code penstock bench echo} of its own: the baseline. */
public final class EchoProcess implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(30);

    private final ChildProcess child;
    private final String address;

    private EchoProcess(ChildProcess child, String address) {
        this.child = child;
        this.address = address;
    }

    static EchoProcess of(ChildProcess child) throws InterruptedException {
        try {
            return new EchoProcess(
                    child, Lines.json(child.nextLine(START_MAX)).path("address").asText());
        } catch (RuntimeException | InterruptedException e) {
            child.close();
            throw e;
        }
    }

    public String address() {
        return address;
    }

    public long pid() {
        return child.pid();
    }

    public String commandLine() {
        return child.commandLine();
    }

    @Override
    public void close() {
        child.close();
    }
}
