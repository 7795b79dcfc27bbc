package io.penstock.store.cassandra.servers;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A tiny shell process that outlives this JVM for a moment: when its input ends, because {@link #close} was called or
 * because the JVM died in any way, it kills the server it was last told of and removes the server's directory.
 */
final class Guardian implements AutoCloseable {
    private static final String SCRIPT = "trap '' INT TERM HUP; pid=-; while read -r line; do pid=$line; done; "
            + "[ \"$pid\" = - ] || kill -9 \"$pid\"; exec rm -rf -- \"$1\"";

    private final Process shell;
    private final OutputStream input;

    private Guardian(Process shell) {
        this.shell = shell;
        this.input = shell.getOutputStream();
    }

    static Guardian of(Path directory) {
        try {
            return new Guardian(new ProcessBuilder("sh", "-c", SCRIPT, "guardian", directory.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException("Cassandra for tests: cannot run sh", e);
        }
    }

    void guard(long pid) {
        tell(Long.toString(pid));
    }

    /** The server was ended and waited for: its process id may be somebody else's by now. */
    void release() {
        tell("-");
    }

    private void tell(String line) {
        try {
            input.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("Cassandra for tests: its guardian has gone", e);
        }
    }

    @Override
    public void close() {
        try {
            input.close();
            shell.waitFor(10, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException("Cassandra for tests: its guardian has gone", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
