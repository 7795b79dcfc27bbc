package io.penstock.cli.output;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * What a command sees of the world: standard streams and environment variables.
 *
 * @param interactive whether a person watches standard error, so that a line may be rewritten in place
 */
public record Console(
        InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, boolean interactive) {
    /** Whether whoever read standard output has gone away, as {@code head} does; then printing more is in vain. */
    public boolean readerGone() {
        return out.checkError();
    }
}
