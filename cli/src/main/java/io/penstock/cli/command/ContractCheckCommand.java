package io.penstock.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.cli.ExitCode;
import io.penstock.cli.access.StoreOptions;
import io.penstock.cli.contract.ContractFiles;
import io.penstock.cli.contract.StoredContracts;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import io.penstock.contract.Contract;
import io.penstock.contract.evolution.ContractEvolution;
import io.penstock.contract.evolution.Finding;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.catalog.CatalogRefusedException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says whether a contract breaks readers of an earlier one. */
@CommandLine.Command(
        name = "check",
        description = {
            "Says whether a new contract breaks readers of an old one, as a publication would; ends with 4 if it does.",
            "OLD may be a dataset in a store (--store): then all contracts it ever had are compared."
        })
public final class ContractCheckCommand extends Command {
    @Parameters(
            index = "0",
            paramLabel = "OLD",
            description = "A .proto file, a descriptor set, or a dataset such as customer-360.v1.")
    private String before = "";

    @Parameters(index = "1", paramLabel = "NEW", description = "A .proto file or a descriptor set.")
    private String after = "";

    @Mixin
    private final ContractFiles files = new ContractFiles();

    @Mixin
    private final StoreOptions store = new StoreOptions();

    public ContractCheckCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() throws CatalogRefusedException {
        Contract contract = files.load(after);
        List<Contract> earlier = earlier();
        List<Finding> findings = ContractEvolution.check(earlier, contract);
        if (json) {
            printJson(object(contract, findings));
        } else if (findings.isEmpty()) {
            printLine("compatible: " + contract.dataset() + " with " + earlier.size()
                    + (earlier.size() == 1 ? " earlier contract" : " earlier contracts"));
        } else {
            findings.forEach(finding -> printLine(finding.toString()));
        }
        return findings.isEmpty() ? ExitCode.DONE : ExitCode.REFUSED;
    }

    private List<Contract> earlier() throws CatalogRefusedException {
        if (!store.isGiven() && ContractFiles.isFile(before)) {
            return List.of(files.load(before));
        }
        DatasetId dataset = store.dataset(before, console);
        try (Store opened = store.open(console)) {
            return StoredContracts.all(opened, dataset);
        }
    }

    private static ObjectNode object(Contract contract, List<Finding> findings) {
        ObjectNode object = Json.object().put("dataset", contract.dataset()).put("compatible", findings.isEmpty());
        var array = object.putArray("findings");
        for (Finding finding : findings) {
            array.addObject()
                    .put("rule", finding.rule().name())
                    .put("file", finding.location().file())
                    .put(
                            "line",
                            finding.location().line() == 0
                                    ? null
                                    : (Integer) finding.location().line())
                    .put("element", finding.element())
                    .put("change", finding.change())
                    .put("remedy", finding.remedy());
        }
        return object;
    }
}
