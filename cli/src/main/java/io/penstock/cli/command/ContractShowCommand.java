package io.penstock.cli.command;

import io.penstock.cli.ExitCode;
import io.penstock.cli.UsageException;
import io.penstock.cli.access.Place;
import io.penstock.cli.contract.ContractFiles;
import io.penstock.cli.contract.ContractText;
import io.penstock.cli.contract.ContractView;
import io.penstock.cli.contract.StoredContracts;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import io.penstock.contract.Contract;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.catalog.CatalogRefusedException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a contract. */
@CommandLine.Command(
        name = "show",
        description =
                "Shows the contract of a file, or of a dataset as a server (--server) or a store (--store) has it.")
public final class ContractShowCommand extends Command {
    @Parameters(
            paramLabel = "FILE|DATASET",
            description = "A .proto file, a descriptor set, or a dataset such as customer-360.v1.")
    private String subject = "";

    @Option(names = "--version", paramLabel = "N", description = "With --store: of this version, not the current one.")
    private @Nullable Long version;

    @Mixin
    private final ContractFiles files = new ContractFiles();

    @Mixin
    private final Place place = new Place();

    public ContractShowCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() throws CatalogRefusedException {
        ContractView view = ContractView.of(contract());
        if (json) {
            printJson(Json.of(view));
        } else {
            print(ContractText.of(view));
        }
        return ExitCode.DONE;
    }

    private Contract contract() throws CatalogRefusedException {
        if (!place.isGiven() && ContractFiles.isFile(subject)) {
            refuseVersion();
            return files.load(subject);
        }
        if (!place.isStore(console)) {
            refuseVersion();
            return place.server().call(console, client -> client.getContract(subject));
        }
        DatasetId dataset = place.store().dataset(subject, console);
        try (Store store = place.store().open(console)) {
            return StoredContracts.of(store, dataset, version);
        }
    }

    private void refuseVersion() {
        if (version != null) {
            throw new UsageException("--version is for a dataset in a store (expected: --store URL with it)");
        }
    }
}
