package io.penstock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.client.DataLossException;
import io.penstock.client.PenstockClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import shop.customer.v1.Customer;

/** A user's test. docs/testkit.md shows it as it stands here. */
class GreeterTest {
    // docs: begin
    @RegisterExtension
    static PenstockExtension penstock =
            PenstockExtension.builder().contract(Customer.getDescriptor()).build();

    @Test
    void greetsByNameAndFollowsTheData(PenstockKit kit, PenstockClient client) {
        Greeter greeter = new Greeter(client);

        kit.publish(customer(42, "Ada"), customer(43, "Bob")); // these rows and no others
        assertThat(greeter.greet(42)).isEqualTo("Hello Ada");
        assertThat(greeter.greet(44)).isEqualTo("Hello stranger");

        kit.upsert(customer(42, "Ada L.")); // the others stay
        assertThat(greeter.greet(42)).isEqualTo("Hello Ada L.");
        assertThat(greeter.greet(43)).isEqualTo("Hello Bob");

        kit.rollback("customer.v1");
        assertThat(greeter.greet(42)).isEqualTo("Hello Ada");
    }

    @Test
    void greetsWithoutANameWhenPenstockIsOutOfReach(PenstockKit kit, PenstockClient client) {
        Greeter greeter = new Greeter(client);
        kit.publish(customer(42, "Ada"));

        kit.faults().unavailable();
        assertThat(greeter.greet(42)).isEqualTo("Hello");

        kit.heal();
        assertThat(greeter.greet(42)).isEqualTo("Hello Ada");
    }

    @Test
    void doesNotTakeALostRowForAStranger(PenstockKit kit, PenstockClient client) {
        kit.publish(customer(42, "Ada"));

        kit.faults().lose(customer(42, "Ada"));

        assertThatThrownBy(() -> new Greeter(client).greet(42)).isInstanceOf(DataLossException.class);
    }

    private static Customer customer(long id, String name) {
        return Customer.newBuilder().setCustomerId(id).setName(name).build();
    }
    // docs: end
}
