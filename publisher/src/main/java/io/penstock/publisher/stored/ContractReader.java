package io.penstock.publisher.stored;

import io.penstock.contract.Contract;
import io.penstock.contract.ContractException;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.storage.v1.StoredContract;

/** Reads contracts that manifests carry. */
public final class ContractReader {
    private ContractReader() {}

    /**
     * The contract.
     *
     * @throws PublisherException {@code DATA_LOSS} if it is damaged or not one that this program knows
     */
    public static Contract read(StoredContract stored) {
        try {
            return Contract.of(stored);
        } catch (ContractException e) {
            throw new PublisherException(
                    Category.DATA_LOSS,
                    "STORED_CONTRACT",
                    "the contract of a stored version cannot be read: " + e.getMessage()
                            + "; it is damaged, or of a newer Penstock",
                    e);
        }
    }
}
