package io.penstock.client;

import io.grpc.CallOptions;
import java.util.Optional;

/**
 * What a client does with its connection.
 *
 * @param calls what every call has
 * @param batchLimits how batches are cut
 * @param headers what goes with every request
 * @param observer who hears of every call
 * @param hedging when a second server is asked; empty: never
 */
record ConnectionOptions(
        CallOptions calls,
        BatchLimits batchLimits,
        Optional<RequestHeaders> headers,
        Optional<CallObserver> observer,
        Optional<Hedging> hedging) {}
