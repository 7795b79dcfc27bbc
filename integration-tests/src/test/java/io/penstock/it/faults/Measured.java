package io.penstock.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;

/**
 * Figures that depend on the machine. Each is printed; it is held against what is promised with {@code
 * -Dpenstock.strict=true}, on a calm machine, and otherwise against a bound that a busy one keeps, too.
 */
final class Measured {
    private static final boolean STRICT = Boolean.getBoolean("penstock.strict");

    private Measured() {}

    static void atMost(String what, Duration measured, Duration promised, Duration generous) {
        print(what, millis(measured), millis(promised), millis(generous));
        assertThat(measured).as(what).isLessThanOrEqualTo(STRICT ? promised : generous);
    }

    static void atMost(String what, double measured, double promised, double generous) {
        print(what, number(measured), number(promised), number(generous));
        assertThat(measured).as(what).isLessThanOrEqualTo(STRICT ? promised : generous);
    }

    private static void print(String what, String measured, String promised, String generous) {
        System.out.println("measured: " + what + ": " + measured + " (promised: " + promised
                + (STRICT ? "" : ", asserted: " + generous) + ")");
    }

    private static String millis(Duration duration) {
        return number(duration.toNanos() / 1e6) + " ms";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }
}
