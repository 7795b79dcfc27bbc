package io.penstock.client.typed;

import io.penstock.contract.KeyEncoding;

/** Writes keys of several fields. */
public final class KeyTexts {
    private KeyTexts() {}

    /** The encoded key of two or more key fields, given the text of each, in the order of the field numbers. */
    public static String join(String... texts) {
        return KeyEncoding.join(texts);
    }
}
