package io.penstock.publisher.guardrail;

import java.util.function.Supplier;

/** A check made of its name and what finds out. */
record NamedCheck(String name, Supplier<Check.Answer> body) implements Check {
    @Override
    public Answer run() {
        return body.get();
    }
}
