package io.penstock.store.cassandra.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplicationTest {
    @Test
    void aBareNumberMeansTheDataCentreThatIsAsked() {
        assertThat(Replication.parse("3").in("east")).isEqualTo(new Replication(Map.of("east", 3)));
        assertThat(Replication.parse("3")).hasToString("3");
    }

    @Test
    void severalDataCentresAreWrittenAsCqlWantsThem() {
        Replication replication = Replication.parse("west:2,east:3");
        assertThat(replication.toCql()).isEqualTo("{'class': 'NetworkTopologyStrategy', 'east': 3, 'west': 2}");
        assertThat(replication).hasToString("east:3,west:2");
    }

    @Test
    void aKeyspaceTellsItsCopies() {
        assertThat(Replication.ofKeyspace(
                        Map.of("class", "NetworkTopologyStrategy", "east", "3", "west", "3/1", "north", "0")))
                .isEqualTo(new Replication(Map.of("east", 3, "west", 3)));
    }

    @Test
    void oneDataCentreNeedsAQuorumAndSeveralAQuorumOfEach() {
        assertThat(Levels.of(Replication.parse("east:3")))
                .isEqualTo(new Levels(
                        DefaultConsistencyLevel.QUORUM,
                        DefaultConsistencyLevel.QUORUM,
                        DefaultConsistencyLevel.QUORUM));
        assertThat(Levels.of(Replication.parse("east:3,west:3")))
                .isEqualTo(new Levels(
                        DefaultConsistencyLevel.EACH_QUORUM,
                        DefaultConsistencyLevel.LOCAL_QUORUM,
                        DefaultConsistencyLevel.QUORUM));
    }
}
