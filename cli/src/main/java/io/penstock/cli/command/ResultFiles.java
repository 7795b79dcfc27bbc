package io.penstock.cli.command;

import io.penstock.benchmarks.goals.GoalsReport;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.picture.Mark;
import io.penstock.benchmarks.picture.PercentilePicture;
import io.penstock.benchmarks.picture.TimelinePicture;
import io.penstock.cli.output.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes down what was measured: figures and conditions as JSON, a table as Markdown, runs as pictures. */
record ResultFiles(Path directory, String name) {
    void write(GoalsReport report) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(name + ".json"), Json.pretty(Json.of(report)) + "\n");
        Files.writeString(directory.resolve(name + ".md"), report.toMarkdown());
        for (Session.TimeLine run : report.timeLines()) {
            TimelinePicture.write(
                    directory.resolve(run.name() + "-timeline.png"),
                    run.title(),
                    run.load().timeline(),
                    marks(run));
        }
        for (Session.Curves curves : report.curves()) {
            PercentilePicture.write(
                    directory.resolve(curves.name() + "-percentiles.png"), curves.title(), curves.byRun());
        }
    }

    private static List<Mark> marks(Session.TimeLine run) {
        List<Mark> marks = new ArrayList<>();
        run.momentsSeconds().forEach((what, moments) -> moments.forEach(at -> marks.add(new Mark(at, what))));
        return marks;
    }
}
