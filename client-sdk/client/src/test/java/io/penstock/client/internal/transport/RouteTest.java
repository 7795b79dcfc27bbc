package io.penstock.client.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RouteTest {
    private static final Object ONE = "one";
    private static final Object OTHER = "other";

    @Test
    void goesToAnyServerAndThenToAnother() {
        Route route = new Route();
        assertThat(route.suits(ONE)).isTrue();
        route.goesTo(ONE);
        assertThat(route.suits(ONE)).isFalse();
        assertThat(route.suits(OTHER)).isTrue();
        route.goesTo(OTHER);
        assertThat(route.suits(ONE)).isFalse();
        assertThat(route.suits(OTHER)).isFalse();
    }

    @Test
    void goesBackToTheServerThatAnsweredAndFromThereToAnother() {
        Route route = new Route();
        route.goesTo(ONE);
        route.goesTo(OTHER);
        Route next = route.again();
        assertThat(next.suits(ONE)).isFalse();
        assertThat(next.suits(OTHER)).isTrue();
        next.goesTo(OTHER);
        assertThat(next.suits(ONE)).isTrue();
        assertThat(next.suits(OTHER)).isFalse();
        assertThat(new Route().again().suits(ONE)).isTrue();
    }
}
