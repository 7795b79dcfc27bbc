package io.penstock.publisher;

import java.util.List;

/**
 * What an erasure did.
 *
 * @param publication how the version without the keys was published; {@code UNCHANGED} if the current one had none of them
 * @param keysErased how many of the keys were not erased before
 * @param keysErasedInAll how many are, those included
 * @param purged the numbers of the versions that held a key and are being deleted now
 * @param complete whether every version that held a key is being deleted; if servers still lag, or a rollback brought one
 *     back meanwhile, nothing is until it is run again
 */
public record ErasureReport(
        PublicationReport publication, int keysErased, int keysErasedInAll, List<Long> purged, boolean complete) {}
