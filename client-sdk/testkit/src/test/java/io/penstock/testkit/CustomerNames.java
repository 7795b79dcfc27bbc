package io.penstock.testkit;

import io.penstock.client.DatasetReader;
import shop.customer.v1.Customer;

/** A client of the shape that generated ones have. */
public final class CustomerNames {
    private final DatasetReader reader;

    private CustomerNames(DatasetReader reader) {
        this.reader = reader;
    }

    public static CustomerNames of(DatasetReader reader) {
        return new CustomerNames(reader);
    }

    String name(long id) {
        return reader.get("customer.v1", Long.toString(id), Customer.parser())
                .value()
                .map(Customer::getName)
                .orElse("nobody");
    }
}
