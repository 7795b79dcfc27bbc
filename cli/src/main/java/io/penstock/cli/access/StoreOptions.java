package io.penstock.cli.access;

import io.penstock.cli.UsageException;
import io.penstock.cli.output.Console;
import io.penstock.store.DatasetId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which store and namespace a command works on. */
public final class StoreOptions extends StoreUrlOptions {
    private static final String NAMESPACE_VARIABLE = "PENSTOCK_NAMESPACE";
    private static final String DEFAULT_NAMESPACE = "default";

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            description = "The namespace. Default: $" + NAMESPACE_VARIABLE + ", else " + DEFAULT_NAMESPACE + ".")
    private @Nullable String namespace;

    public String namespace(Console console) {
        String given = namespace != null ? namespace : console.environment().get(NAMESPACE_VARIABLE);
        return UsageException.checked(() -> DatasetId.requireNamespace(given == null ? DEFAULT_NAMESPACE : given));
    }

    /** The dataset a name means: {@code customer-360.v1}, or {@code growth/customer-360.v1}. */
    public DatasetId dataset(String name, Console console) {
        int slash = name.indexOf('/');
        return UsageException.checked(() -> slash < 0
                ? new DatasetId(namespace(console), name)
                : new DatasetId(name.substring(0, slash), name.substring(slash + 1)));
    }
}
