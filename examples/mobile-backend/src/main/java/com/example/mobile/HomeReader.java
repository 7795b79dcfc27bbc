package com.example.mobile;

import com.example.customer360.Customer360;
import com.example.customer360.Customer360Client;
import com.example.loyalty.Loyalty;
import com.example.loyalty.LoyaltyClient;
import com.example.recommendations.Recommendations;
import com.example.recommendations.RecommendationsClient;
import io.penstock.client.Batch;
import io.penstock.client.BatchResult;
import io.penstock.client.BatchRows;
import io.penstock.client.DatasetReader;
import io.penstock.client.Lookup;
import io.penstock.client.PenstockException;
import java.util.List;
import java.util.Optional;

/**
 * Reads three products in one call. They are published together, and one view of one server answers: a screen never shows
 * the points of today beside the orders of yesterday.
 */
final class HomeReader {
    private final DatasetReader penstock;

    HomeReader(DatasetReader penstock) {
        this.penstock = penstock;
    }

    /**
     * Returns the screen of a customer; empty if there is no such customer.
     *
     * @throws PenstockException if that cannot be said at the moment
     */
    Optional<Home> read(long customerId) {
        List<Long> key = List.of(customerId);
        Batch.Builder batch = Batch.builder();
        Batch.Part<Customer360> customer = batch.add(Customer360Client.DATASET, key);
        Batch.Part<Loyalty> loyalty = batch.add(LoyaltyClient.DATASET, key);
        Batch.Part<Recommendations> recommendations = batch.add(RecommendationsClient.DATASET, key);
        BatchResult result = penstock.batchGet(batch.build());
        return only(result.rows(customer))
                .value()
                .map(found ->
                        new Home(found, orWithout(result.rows(loyalty)), orWithout(result.rows(recommendations))));
    }

    private static <T> Lookup<T> only(BatchRows<T> rows) {
        return rows.lookups().get(0);
    }

    /** A product, or a key of it, fails by itself; then the screen does without. */
    private static <T> Optional<T> orWithout(BatchRows<T> rows) {
        if (rows.failure().isPresent() || only(rows).failure().isPresent()) {
            return Optional.empty();
        }
        return only(rows).value();
    }
}
