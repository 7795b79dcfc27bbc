package io.penstock.testkit;

import static io.penstock.testkit.Rows.CUSTOMERS;
import static io.penstock.testkit.Rows.customer;
import static io.penstock.testkit.Rows.look;
import static io.penstock.testkit.Rows.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.penstock.client.DataLossException;
import io.penstock.client.PenstockClient;
import io.penstock.client.UnavailableException;
import io.penstock.serving.v1.Reason;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import shop.customer.v1.Customer;

/** Every fault, as the client sees it. */
class KitFaultsBehaviourTest {
    @RegisterExtension
    static final PenstockExtension PENSTOCK = PenstockExtension.builder()
            .contract(Customer.getDescriptor())
            .rows(customer(1, "Ada"), customer(2, "Bob"))
            .build();

    private PenstockKit kit = PENSTOCK.kit();
    private KitFaults faults = kit.faults();
    private PenstockClient client = kit.client();

    @BeforeEach
    void isWell() {
        assertThat(name(client, 1)).isEqualTo("Ada");
    }

    @Test
    void aSlowStoreMakesLookUpsSlowOrEndsThemAtTheirDeadline() {
        faults.slow(Duration.ofMillis(150));
        long startNanos = System.nanoTime();
        assertThat(name(client, 1)).isEqualTo("Ada");
        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(150_000_000L);

        faults.slow(Duration.ofMinutes(1));
        PenstockClient impatient = client.withDeadline(Duration.ofMillis(200));
        UnavailableException late = catchThrowableOfType(UnavailableException.class, () -> look(impatient, 1));
        assertThat(late.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);

        kit.heal();
        assertThat(name(client, 1)).isEqualTo("Ada");
    }

    @Test
    void aStoreOutOfReachIsUnavailable() {
        faults.unavailable();
        UnavailableException failure = catchThrowableOfType(UnavailableException.class, () -> look(client, 1));
        assertThat(failure.reason()).isEqualTo(Reason.REASON_STORE_UNREACHABLE);

        assertThat(kit.upsert(customer(1, "Ada L.")).version())
                .as("publishing goes on")
                .isEqualTo(2);
        kit.heal();
        assertThat(name(client, 1)).isEqualTo("Ada L.");
    }

    @Test
    void aServerThatIsGoneIsUnavailable() {
        String address = kit.address();
        faults.down();
        assertThatThrownBy(() -> look(client, 1)).isInstanceOf(UnavailableException.class);
        assertThat(kit.upsert(customer(1, "Ada L.")).version()).isEqualTo(2);

        kit.heal();
        assertThat(kit.address()).isEqualTo(address);
        assertThat(name(client, 1)).isEqualTo("Ada L.");
    }

    @Test
    void aStaleServerServesWhatItHas() {
        faults.stale();
        kit.upsert(customer(1, "Ada L."));
        assertThat(name(client, 1)).isEqualTo("Ada");
        assertThat(look(client, 1).version()).isEqualTo(1);

        kit.heal();
        assertThat(name(client, 1)).isEqualTo("Ada L.");
    }

    @Test
    void aLostBucketIsADataLossUntilTheNextVersionHealsIt() {
        faults.lose(customer(1, ""));
        DataLossException loss = catchThrowableOfType(DataLossException.class, () -> look(client, 1));
        assertThat(loss.reason()).isEqualTo(Reason.REASON_BUCKET_LOST);

        kit.upsert(customer(1, "Ada L."));
        assertThat(name(client, 1)).isEqualTo("Ada L.");
    }

    @Test
    void aDamagedBucketIsADataLoss() {
        faults.damage(customer(1, ""));
        DataLossException loss = catchThrowableOfType(DataLossException.class, () -> look(client, 1));
        assertThat(loss.reason()).isEqualTo(Reason.REASON_BUCKET_CORRUPT);

        kit.heal();
        assertThat(name(client, 1)).isEqualTo("Ada");
    }

    @Test
    void faultsAddUpAndEndTogether() {
        faults.stale();
        faults.lose(customer(1, ""));
        faults.slow(Duration.ofMillis(1));
        faults.down();
        kit.heal();
        assertThat(name(client, 1)).isEqualTo("Ada");
    }

    @Test
    void onlyWhatIsServedCanBeLost() {
        kit.clear(CUSTOMERS);
        assertThatThrownBy(() -> faults.lose(customer(1, "")))
                .isInstanceOf(KitException.class)
                .hasMessage("customer.v1: no row is in the bucket of this key (expected: a row that was published)");
        assertThatThrownBy(() -> faults.slow(Duration.ZERO)).hasMessage("readTime: PT0S (expected: > 0)");
    }
}
