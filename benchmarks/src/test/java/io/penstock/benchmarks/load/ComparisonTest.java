package io.penstock.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.penstock.benchmarks.MessageFile;
import io.penstock.benchmarks.echo.EchoAnswers;
import io.penstock.benchmarks.echo.EchoOptions;
import io.penstock.benchmarks.echo.EchoServer;
import io.penstock.benchmarks.picture.LoadResults;
import io.penstock.benchmarks.picture.Mark;
import io.penstock.benchmarks.picture.TimelinePicture;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a comparison with a peer, its report and its pictures work, in seconds: not what the figures are. */
class ComparisonTest {
    private static final String METHOD = "some.Other/Method";
    private static final ByteString REQUEST = ByteString.copyFromUtf8("\nquestion");
    private static final ByteString ANSWER = ByteString.copyFromUtf8("\nanswer");

    @TempDir
    Path directory;

    @Test
    void measuresAServerAndAPeerByTurnsAndDrawsThem() throws Exception {
        try (EchoServer server = EchoServer.start(EchoOptions.defaults());
                EchoServer peer = EchoServer.start(EchoOptions.of(EchoAnswers.of(METHOD, ANSWER)))) {
            Calls lookups = new Calls.Lookups(
                    "echo.v1", 0, new Calls.Keys(KeySpace.range(1, 1000), KeyDistribution.UNIFORM, 0.5, 1));
            Pace pace = new Pace.OpenLoop(500, Arrivals.POISSON, Duration.ofMinutes(1), Pace.Waiting.SLEEP);

            ComparisonReport report = Comparison.of(
                            List.of(
                                    new Contender("server", options(server, lookups, pace)),
                                    new Contender("peer", options(peer, new Calls.Fixed(METHOD, REQUEST), pace))),
                            2)
                    .run();
            LoadResults.write(directory, report);

            assertThat(report.rounds()).isEqualTo(2);
            assertThat(report.rows()).extracting(ComparisonReport.Row::name).containsExactly("server", "peer");
            LoadReport answered = report.rows().get(1).runs().get(1);
            assertThat(answered.statuses()).containsOnlyKeys("OK");
            assertThat(answered.answerBytes()).isEqualTo(ANSWER.size());
            assertThat(report.toText()).contains("median (lowest–highest) of 2 rounds", "server", "peer");
            assertThat(directory.resolve("load.json")).content().contains("\"calls_per_second\"", "\"timeline\"");
            isPicture(directory.resolve("load-percentiles.png"));
        }
    }

    @Test
    void drawsARunOverTime() throws Exception {
        try (EchoServer server = EchoServer.start(EchoOptions.defaults())) {
            Calls lookups =
                    new Calls.Lookups("echo.v1", 10, Calls.Keys.of(KeySpace.range(1, 1000), KeyDistribution.ZIPF));
            LoadReport report = LoadDriver.run(options(server, lookups, new Pace.ClosedLoop(4)));

            LoadResults.write(directory, report);
            Path marked = directory.resolve("marked.png");
            TimelinePicture.write(marked, "a swap", report.timeline(), List.of(new Mark(0.2, "swap")));

            assertThat(report.timeline().slices()).hasSize(4);
            long begin = report.timeline().startNanos();
            assertThat(report.timeline()
                            .answeredBetween(begin, begin + 400_000_000)
                            .count())
                    .isEqualTo(report.answered().count());
            isPicture(directory.resolve("load-timeline.png"));
            isPicture(marked);
        }
    }

    @Test
    void theBaselineAnswersWhatAnotherServerAnswered() {
        Path file = directory.resolve("request.bin");
        MessageFile.write(file, REQUEST);
        try (EchoServer server = EchoServer.start(EchoOptions.of(EchoAnswers.of(METHOD, ANSWER)))) {
            EchoAnswers fetched = EchoAnswers.fetched("127.0.0.1:" + server.port(), METHOD, MessageFile.read(file));

            assertThat(MessageFile.read(file)).isEqualTo(REQUEST);
            assertThat(fetched.messages()).isEqualTo(Map.of(METHOD, ANSWER));
        }
    }

    @Test
    void readsAMessageFileWithoutTheFiveBytes() throws IOException {
        Path file = Files.write(directory.resolve("request.bin"), REQUEST.toByteArray());

        assertThat(MessageFile.read(file)).isEqualTo(REQUEST);
    }

    @Test
    void everyServerNeedsItsOwnName() {
        LoadOptions options = new LoadOptions(
                LoadOptions.Target.of("127.0.0.1:1"),
                new Calls.Fixed(METHOD, REQUEST),
                new Pace.ClosedLoop(1),
                new LoadOptions.Span(Duration.ZERO, Duration.ofSeconds(1)));

        assertThatThrownBy(() -> Comparison.of(List.of(new Contender("a", options), new Contender("a", options)), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("names: two servers have the same (expected: another for each)");
    }

    private static LoadOptions options(EchoServer server, Calls calls, Pace pace) {
        return new LoadOptions(
                new LoadOptions.Target("127.0.0.1:" + server.port(), 2, 1, Duration.ofSeconds(30)),
                calls,
                pace,
                new LoadOptions.Span(Duration.ofMillis(100), Duration.ofMillis(400)));
    }

    private static void isPicture(Path png) throws IOException {
        BufferedImage image = ImageIO.read(png.toFile());
        assertThat(image.getWidth()).isGreaterThan(500);
    }
}
