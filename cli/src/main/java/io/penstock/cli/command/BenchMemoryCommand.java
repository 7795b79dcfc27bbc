package io.penstock.cli.command;

import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.memory.RedisMemoryBenchmark;
import io.penstock.benchmarks.memory.ServerHeapBenchmark;
import io.penstock.cli.output.Console;
import java.util.List;
import picocli.CommandLine;

/** Measures memory. */
@CommandLine.Command(
        name = "memory",
        description = "What a row takes in Redis against one key a row, and a bucket in a server's heap.")
public final class BenchMemoryCommand extends MeasuringCommand {
    public BenchMemoryCommand(Console console) {
        super(console);
    }

    @Override
    List<Measurement> measurements() {
        return List.of(new RedisMemoryBenchmark(), new ServerHeapBenchmark());
    }

    @Override
    String fileName() {
        return "memory";
    }
}
