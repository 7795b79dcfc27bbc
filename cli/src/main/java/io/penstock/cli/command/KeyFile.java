package io.penstock.cli.command;

import io.penstock.cli.UsageException;
import io.penstock.cli.output.Console;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file with a key a line, or standard input; an empty line is no key. */
final class KeyFile implements AutoCloseable {
    private static final String STANDARD_INPUT = "-";

    private final String name;
    private final BufferedReader lines;

    private KeyFile(String name, BufferedReader lines) {
        this.name = name;
        this.lines = lines;
    }

    /** Refuses keys given both ways, and none. */
    static void requireOneWay(List<String> keys, @Nullable String file) {
        if (keys.isEmpty() == (file == null)) {
            throw new UsageException(
                    "keys: give them on the command line or in a file with --keys, not both or neither");
        }
    }

    /** Opens a file; {@code -} is standard input. */
    static KeyFile open(String name, Console console) throws IOException {
        InputStream bytes = name.equals(STANDARD_INPUT) ? console.in() : Files.newInputStream(Path.of(name));
        // Given a decoder, and not a character set, the reader refuses what is not UTF-8 instead of replacing it.
        return new KeyFile(name, new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder())));
    }

    /** The next key; null after the last. */
    @Nullable
    String next() {
        try {
            String line = lines.readLine();
            while (line != null && line.isEmpty()) {
                line = lines.readLine();
            }
            return line;
        } catch (IOException e) {
            String why = e instanceof CharacterCodingException ? "it is not UTF-8" : String.valueOf(e.getMessage());
            throw new UsageException(
                    "keys: cannot read " + name + ": " + why + " (expected: UTF-8 text, a key a line)", e);
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
