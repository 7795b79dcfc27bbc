package io.penstock.publisher.file;

import io.penstock.publisher.PublisherException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** Reads a text of a size that a person may have written. */
final class TextFile {
    /** A publication file or a query beyond it is something else by mistake. */
    private static final int FILE_BYTES_MAX = 1 << 20;

    private TextFile() {}

    /** @param error makes the exception that says so */
    static String content(Path path, Function<String, PublisherException> error) {
        try (InputStream content = Files.newInputStream(path)) {
            byte[] bytes = content.readNBytes(FILE_BYTES_MAX + 1);
            if (bytes.length > FILE_BYTES_MAX) {
                throw error.apply(path + " has more than " + FILE_BYTES_MAX + " bytes");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw error.apply(path + " is not UTF-8 text");
        } catch (IOException e) {
            throw error.apply("cannot read " + path + " (expected: a file)");
        }
    }
}
