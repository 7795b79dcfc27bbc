package io.penstock.client.typed;

/**
 * A field of a contract, as generated code lists them.
 *
 * @param <T> the contract's message
 */
public interface ContractField<T> {
    /** The field's number, above zero. */
    int number();
}
