package io.penstock.cli.access;

import io.penstock.cli.Durations;
import io.penstock.cli.UsageException;
import io.penstock.cli.output.Console;
import io.penstock.client.PenstockClient;
import io.penstock.client.PenstockException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server a command calls. */
public final class ServerOptions {
    private static final String VARIABLE = "PENSTOCK_SERVER";
    private static final String DEFAULT = "127.0.0.1:7070";
    private static final Pattern ADDRESS = Pattern.compile("(?:\\[[0-9A-Fa-f:.]+]|[^:/\\s]+):(\\d{1,5})");
    private static final int PORT_MAX = 65_535;

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "The server. Default: $" + VARIABLE + ", else " + DEFAULT + ".")
    private @Nullable String server;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "How long the server may take for each call. Default: ${DEFAULT-VALUE}.")
    private String timeout = "5s";

    /** What a command does with a server. */
    @FunctionalInterface
    public interface Calls<T, E extends Exception> {
        T on(PenstockClient client) throws E;
    }

    /** Whether the command line itself names a server. */
    boolean isGiven() {
        return server != null;
    }

    static boolean isInEnvironment(Console console) {
        return console.environment().containsKey(VARIABLE);
    }

    public String address(Console console) {
        String address = server != null ? server : console.environment().getOrDefault(VARIABLE, DEFAULT);
        Matcher matcher = ADDRESS.matcher(address);
        if (!matcher.matches()
                || Integer.parseInt(matcher.group(1)) > PORT_MAX
                || Integer.parseInt(matcher.group(1)) == 0) {
            throw new UsageException("server: '" + address + "' (expected: host:port, such as " + DEFAULT + ")");
        }
        return address;
    }

    /**
     * Calls the server and hangs up.
     *
     * @throws ServerException in place of a {@link PenstockException}
     */
    public <T, E extends Exception> T call(Console console, Calls<T, E> calls) throws E {
        String address = address(console);
        Duration deadline = Durations.parse("timeout", timeout);
        if (deadline.isZero()) {
            throw new UsageException("timeout: 0 (expected: > 0)");
        }
        try (PenstockClient client = PenstockClient.builder("dns:///" + address)
                .deadline(deadline)
                .healthChecks(false)
                .build()) {
            return calls.on(client);
        } catch (PenstockException e) {
            throw new ServerException(address, e);
        }
    }
}
