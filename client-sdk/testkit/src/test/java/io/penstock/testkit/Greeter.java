package io.penstock.testkit;

import io.penstock.client.PenstockClient;
import io.penstock.client.UnavailableException;
import shop.customer.v1.Customer;

/** The service that {@link GreeterTest} tests. */
final class Greeter {
    private final PenstockClient penstock;

    Greeter(PenstockClient penstock) {
        this.penstock = penstock;
    }

    String greet(long customerId) {
        try {
            return penstock.get("customer.v1", Long.toString(customerId), Customer.parser())
                    .value()
                    .map(customer -> "Hello " + customer.getName())
                    .orElse("Hello stranger");
        } catch (UnavailableException e) {
            return "Hello";
        }
    }
}
