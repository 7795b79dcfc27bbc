package io.penstock.benchmarks.picture;

import io.penstock.benchmarks.ResultFiles;
import io.penstock.benchmarks.load.ComparisonReport;
import io.penstock.benchmarks.load.LoadReport;
import io.penstock.benchmarks.load.PercentileCurve;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reports of the load driver as files: {@code load.json}, {@code load-percentiles.png}, {@code load-timeline.png}. */
public final class LoadResults {
    private static final String NAME = "load";

    private LoadResults() {}

    /** Writes one run. */
    public static void write(Path directory, LoadReport report) {
        ResultFiles.writeJson(directory, NAME, report);
        String title = title(report);
        PercentilePicture.write(percentiles(directory), title, Map.of("answered", report.curve()));
        TimelinePicture.write(directory.resolve(NAME + "-timeline.png"), title, report.timeline(), List.of());
    }

    /** Writes a comparison; its picture shows each server's middle run by the 99th percentile. */
    public static void write(Path directory, ComparisonReport report) {
        ResultFiles.writeJson(directory, NAME, report);
        Map<String, PercentileCurve> curves = new LinkedHashMap<>();
        report.rows().forEach(row -> curves.put(row.name(), middle(row.runs()).curve()));
        PercentilePicture.write(
                percentiles(directory), title(report.rows().get(0).runs().get(0)), curves);
    }

    private static LoadReport middle(List<LoadReport> runs) {
        return runs.stream()
                .sorted(Comparator.comparingDouble(run -> run.answered().p99Micros()))
                .toList()
                .get(runs.size() / 2);
    }

    private static Path percentiles(Path directory) {
        return directory.resolve(NAME + "-percentiles.png");
    }

    private static String title(LoadReport report) {
        Map<String, String> conditions = report.conditions();
        return String.format(
                Locale.ROOT,
                "%s, %s",
                conditions.getOrDefault("calls", "calls").replaceAll(",.*", ""),
                conditions.getOrDefault("pace", "").replaceAll(", p99 budget.*", ""));
    }
}
