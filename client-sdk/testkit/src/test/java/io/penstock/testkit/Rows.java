package io.penstock.testkit;

import io.penstock.client.Lookup;
import io.penstock.client.PenstockClient;
import shop.customer.v1.Customer;
import shop.stock.v1.Stock;

/** Rows of the tests' contracts, and how they are read. */
final class Rows {
    static final String CUSTOMERS = "customer.v1";
    static final String STOCKS = "stock.v1";

    private Rows() {}

    static Customer customer(long id, String name) {
        return Customer.newBuilder().setCustomerId(id).setName(name).build();
    }

    static Stock stock(String article, int warehouse, int pieces) {
        return Stock.newBuilder()
                .setArticle(article)
                .setWarehouse(warehouse)
                .setPieces(pieces)
                .build();
    }

    static Lookup<Customer> look(PenstockClient client, long id) {
        return client.get(CUSTOMERS, Long.toString(id), Customer.parser());
    }

    static String name(PenstockClient client, long id) {
        return look(client, id).value().map(Customer::getName).orElse("nobody");
    }

    /** How many pieces there are; −1 if nobody knows the article in that warehouse. */
    static int pieces(PenstockClient client, String article, int warehouse) {
        return client.get(STOCKS, article + "|" + warehouse, Stock.parser())
                .value()
                .map(Stock::getPieces)
                .orElse(-1);
    }
}
