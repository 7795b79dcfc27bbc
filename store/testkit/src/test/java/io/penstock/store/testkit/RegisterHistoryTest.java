package io.penstock.store.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.store.catalog.CatalogRegister.CasResult;
import io.penstock.store.catalog.WriteId;
import org.junit.jupiter.api.Test;

class RegisterHistoryTest {
    private static final WriteId A = new WriteId(0, 1);
    private static final WriteId B = new WriteId(0, 2);
    private static final WriteId C = new WriteId(0, 3);

    private final RegisterHistory history = new RegisterHistory();

    @Test
    void acceptsOneThingAfterAnother() {
        history.read(0, 1, null);
        history.compareAndSet(2, 3, null, A, CasResult.APPLIED);
        history.compareAndSet(4, 5, null, B, CasResult.CONFLICT);
        history.compareAndSet(6, 7, A, B, CasResult.APPLIED);
        history.read(8, 9, B);
        assertThat(history.contradiction()).isEmpty();
    }

    @Test
    void acceptsAnyOrderOfWhatOverlaps() {
        history.compareAndSet(0, 10, A, B, CasResult.APPLIED);
        history.read(1, 9, null);
        history.compareAndSet(2, 8, null, A, CasResult.APPLIED);
        history.read(3, 7, B);
        assertThat(history.contradiction()).isEmpty();
    }

    @Test
    void refusesAReadOfWhatWasReplacedBefore() {
        history.compareAndSet(0, 1, null, A, CasResult.APPLIED);
        history.compareAndSet(2, 3, A, B, CasResult.APPLIED);
        history.read(4, 5, A);
        assertThat(history.contradiction()).isPresent();
    }

    @Test
    void refusesTwoMovesFromTheSameValue() {
        history.compareAndSet(0, 1, null, A, CasResult.APPLIED);
        history.compareAndSet(2, 9, A, B, CasResult.APPLIED);
        history.compareAndSet(2, 9, A, C, CasResult.APPLIED);
        assertThat(history.contradiction()).isPresent();
    }

    @Test
    void refusesAConflictWithTheValueThatWasThere() {
        history.compareAndSet(0, 1, null, A, CasResult.APPLIED);
        history.compareAndSet(2, 3, A, B, CasResult.CONFLICT);
        assertThat(history.contradiction().orElseThrow())
                .startsWith("of 2 operations at most 1 can be put in order; after them the register holds "
                        + "WriteId[high=0, low=1]");
    }

    @Test
    void refusesAReadThatGoesBack() {
        history.compareAndSet(0, 1, null, A, CasResult.APPLIED);
        history.compareAndSet(2, 20, A, B, CasResult.UNKNOWN);
        history.read(3, 4, B);
        history.read(5, 6, A);
        assertThat(history.contradiction()).isPresent();
    }

    @Test
    void acceptsAnUnknownMoveThatHappensLateOrNever() {
        history.compareAndSet(0, 1, null, A, CasResult.APPLIED);
        history.compareAndSet(2, 3, A, B, CasResult.UNKNOWN);
        history.compareAndSet(2, 3, A, C, CasResult.UNKNOWN);
        history.read(4, 5, A);
        history.read(6, 7, B);
        assertThat(history.contradiction()).isEmpty();
    }

    @Test
    void refusesAnUnknownMoveThatHappensBeforeItBegan() {
        history.read(0, 1, A);
        history.compareAndSet(2, 3, null, A, CasResult.UNKNOWN);
        assertThat(history.contradiction()).isPresent();
    }
}
