package io.penstock.client;

import io.grpc.Status;
import io.penstock.serving.v1.Reason;

/**
 * What became of one call.
 *
 * @param method {@code Get}, {@code BatchGet}, {@code GetDataset}, …
 * @param dataset the dataset asked for; empty if it was several, or none
 * @param code how it ended
 * @param reason the server's reason if it failed, else {@code REASON_UNSPECIFIED}
 * @param nanos how long it took, all its attempts together
 * @param attempts how many attempts it took: one, and each retry and hedge
 * @param hedged whether a second server was asked because the first was slow
 */
public record CallReport(
        String method, String dataset, Status.Code code, Reason reason, long nanos, int attempts, boolean hedged) {}
