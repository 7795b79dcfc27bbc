package io.penstock.publisher;

import static io.penstock.publisher.testing.TestNamespace.items;
import static io.penstock.publisher.testing.TestNamespace.publication;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.publisher.adopt.Adoption;
import io.penstock.publisher.testing.TestNamespace;
import io.penstock.store.testkit.Fault;
import io.penstock.store.testkit.FaultyStore;
import io.penstock.store.testkit.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdoptionBehaviourTest {
    private final TestNamespace namespace = new TestNamespace();

    @Test
    void namesServersThatLag() {
        long first = namespace.publish("orders", items(10, 1)).manifest().getGeneration();
        namespace.serve("orders", first, 1, List.of(first), List.of());

        PublicationReport report = namespace.publish("orders", items(10, 2));

        assertThat(report.outcome()).isEqualTo(Outcome.ADOPTION_INCOMPLETE);
        assertThat(report.committed()).isTrue();
        assertThat(report.adoption().lagging())
                .extracting(Adoption.Server::address)
                .containsExactly("127.0.0.1:7070");
        assertThat(report.warnings())
                .contains("server 127.0.0.1:7070 (server@host/1) does not serve orders.v1 at revision 2 yet, but"
                        + " revision 1");
    }

    @Test
    void isCompleteOnceEveryServerServesTheRevisionOrANewerOne() {
        long first = namespace.publish("orders", items(10, 1)).manifest().getGeneration();
        namespace.serve("orders", first, 7, List.of(first), List.of());

        PublicationReport report = namespace.publish("orders", items(10, 2));

        assertThat(report.outcome()).isEqualTo(Outcome.PUBLISHED);
        assertThat(ReportJson.of(report).at("/adoption/servers/0/adopted").asBoolean())
                .isTrue();
    }

    @Test
    void onlyWaitsWhenRunAgain() {
        long first = namespace.publish("orders", items(10, 1)).manifest().getGeneration();
        namespace.serve("orders", 0, 0, List.of(), List.of());
        assertThat(namespace.publish("orders", items(10, 1)).outcome()).isEqualTo(Outcome.ADOPTION_INCOMPLETE);
        namespace.serve("orders", first, 1, List.of(first), List.of());
        assertThat(namespace.publish("orders", items(10, 1)).outcome()).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    void doesNotClaimAdoptionWhenPresenceCannotBeRead() {
        FaultyStore store = namespace.faulty();
        PublicationObserver blind = (step, detail) -> {
            if (step == Step.COMMITTED) {
                store.faults().always(Fault.UNREACHABLE, Operation.PRESENCE_LIST);
            }
        };
        try (Publisher publisher = namespace.publisher(store).observer(blind).build()) {
            PublicationReport report = publisher.publish(publication("orders", items(10, 1)));
            assertThat(report.outcome()).isEqualTo(Outcome.ADOPTION_INCOMPLETE);
            assertThat(report.warnings()).anyMatch(warning -> warning.startsWith("adoption is unknown"));
        }
    }

    @Test
    void anInterruptWhileServersAreWaitedForDoesNotHideTheCommit() {
        long first = namespace.publish("orders", items(10, 1)).manifest().getGeneration();
        namespace.serve("orders", first, 1, List.of(first), List.of());
        PublicationObserver interrupt = (step, detail) -> {
            if (step == Step.AWAITING_ADOPTION) {
                Thread.currentThread().interrupt();
            }
        };

        PublicationReport report = namespace.publish(publication("orders", items(10, 2)), interrupt);

        assertThat(Thread.interrupted()).as("is still interrupted").isTrue();
        assertThat(report.outcome()).isEqualTo(Outcome.ADOPTION_INCOMPLETE);
        assertThat(report.committed()).isTrue();
        assertThat(report.warnings())
                .anyMatch(warning ->
                        warning.startsWith("adoption is unknown: tests/orders.v1 is committed, but the wait for servers"
                                + " ended early: "));
    }

    @Test
    void aFailureWhileServersAreWaitedForDoesNotHideTheCommit() {
        PublicationObserver fail = (step, detail) -> {
            if (step == Step.ADOPTION_AWAITED) {
                throw new IllegalStateException("broken");
            }
        };

        PublicationReport report = namespace.publish(publication("orders", items(10, 1)), fail);

        assertThat(report.outcome()).isEqualTo(Outcome.ADOPTION_INCOMPLETE);
        assertThat(report.warnings()).anyMatch(warning -> warning.contains("is committed, but the wait"));
        assertThat(namespace.rows("orders")).isEqualTo(items(10, 1));
    }

    @Test
    void saysSoWhenTheBarrierAfterTheCommitFails() {
        FaultyStore store = namespace.faulty();
        PublicationObserver fail = (step, detail) -> {
            if (step == Step.COMMITTED) {
                store.faults().always(Fault.UNREACHABLE, Operation.BARRIER);
            }
        };
        try (Publisher publisher = namespace.publisher(store).observer(fail).build()) {
            PublicationReport report = publisher.publish(publication("orders", items(10, 1)));
            assertThat(report.outcome()).isEqualTo(Outcome.ADOPTION_INCOMPLETE);
            assertThat(report.committed()).isTrue();
        }
    }
}
