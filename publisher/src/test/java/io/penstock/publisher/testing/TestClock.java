package io.penstock.publisher.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A wall clock that stands still until a test moves it. */
public final class TestClock implements InstantSource {
    private volatile Instant now;

    public TestClock(Instant start) {
        now = start;
    }

    public void advance(Duration howFar) {
        now = now.plus(howFar);
    }

    @Override
    public Instant instant() {
        return now;
    }
}
