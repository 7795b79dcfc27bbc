package io.penstock.publisher.source;

import io.penstock.publisher.RowSource;
import java.nio.file.Path;
import java.util.List;

/** Where the rows of a publication file come from. */
public interface SourceConfig {
    /**
     * The source, not connected to yet.
     *
     * @throws io.penstock.publisher.SourceException if it cannot be one
     */
    RowSource open();

    /** With errors that may name a row's key. */
    SourceConfig withShowKeys(boolean show);

    /** With jars to look for a JDBC driver in; of no use to files. */
    SourceConfig withDriverPath(List<Path> jars);
}
