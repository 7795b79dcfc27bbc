package io.penstock.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.benchmarks.process.Distribution;
import io.penstock.benchmarks.process.Rig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionTest {
    private static final Target TARGET = Target.atLeast(0.9, "hits", "hits", "echo", "calls/s");

    private final Rig rig = new Rig(new Distribution(Path.of("bin/penstock")), null, Map.of());
    private final StolenTime stolenTime = StolenTime.watch();
    private final List<String> said = new ArrayList<>();
    private final Session session = new Session(new Nothing(), rig, Effort.FULL.withRounds(3), stolenTime, said::add);

    @AfterEach
    void close() {
        stolenTime.close();
        rig.close();
    }

    @Test
    void wantsAsManyRoundsAsItWasToldWhenNothingDisturbsThem() {
        int rounds = 0;
        while (session.wantsRound(TARGET)) {
            session.add(TARGET, 95, 100, List.of());
            rounds++;
        }

        assertThat(rounds).isEqualTo(3);
    }

    @Test
    void makesTwoDisturbedRoundsAgainAndNoMore() {
        int rounds = 0;
        while (session.wantsRound(TARGET)) {
            session.distrustRound(TARGET, "the driver was late");
            session.add(TARGET, 95, 100, List.of());
            rounds++;
        }

        assertThat(rounds).isEqualTo(5);
        assertThat(said).allMatch(line -> line.contains("the driver was late"));
    }

    @Test
    void holdsAgainstARoundOnlyWhatHappenedInIt() {
        session.distrustRound(TARGET, "the driver was late");
        session.add(TARGET, 10, 100, List.of());
        session.add(TARGET, 95, 100, List.of());
        session.add(TARGET, 97, 100, List.of());

        assertThat(session.results().get(0).ratio()).isEqualTo(0.96);
    }

    private static final class Nothing implements Measurement {
        @Override
        public String name() {
            return "nothing";
        }

        @Override
        public List<Target> targets() {
            return List.of(TARGET);
        }

        @Override
        public void run(Session session) {}
    }
}
