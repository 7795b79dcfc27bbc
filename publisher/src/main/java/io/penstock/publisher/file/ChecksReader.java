package io.penstock.publisher.file;

import io.penstock.publisher.file.PublicationSpec.Checks;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the guardrails' settings, {@code checks:}. */
final class ChecksReader {
    private static final Pattern PERCENT = Pattern.compile("([+-]?\\d+(?:\\.\\d+)?) ?%");
    private static final Pattern POINTS = Pattern.compile("\\+?(\\d+(?:\\.\\d+)?) ?points?");

    private ChecksReader() {}

    static Checks read(@Nullable YamlNode checks) {
        Checks defaults = Checks.DEFAULTS;
        if (checks == null) {
            return defaults;
        }
        checks.members(List.of("rows-present", "row-count-change", "null-rate"));
        YamlNode rowsMin = setting(checks, "rows-present", "min", List.of("min"));
        YamlNode drop = setting(checks, "row-count-change", "min", List.of("min", "max"));
        YamlNode growth = setting(checks, "row-count-change", "max", List.of("min", "max"));
        YamlNode rise = setting(checks, "null-rate", "max", List.of("max"));
        return new Checks(
                rowsMin == null ? defaults.rowsMin() : rowsMin.wholeNumber(0),
                drop == null ? defaults.rowCountDropMax() : -percent(drop, -100, 0, "-100% to 0%, as -20%"),
                growth == null
                        ? defaults.rowCountGrowthMax()
                        : percent(growth, 0, Double.MAX_VALUE, "0% or more, as +100%"),
                rise == null ? defaults.nullRateRiseMax() : points(rise));
    }

    private static @Nullable YamlNode setting(YamlNode checks, String check, String name, List<String> known) {
        YamlNode settings = checks.member(check);
        if (settings == null) {
            return null;
        }
        settings.members(known);
        return settings.member(name);
    }

    private static double percent(YamlNode node, double min, double max, String expected) {
        Matcher percent = PERCENT.matcher(node.text());
        if (percent.matches()) {
            double value = Double.parseDouble(percent.group(1));
            if (value >= min && value <= max) {
                return value / 100 + 0.0; // no negative zero
            }
        }
        throw node.error("'" + node.text() + "' (expected: " + expected + ")");
    }

    private static double points(YamlNode node) {
        Matcher points = POINTS.matcher(node.text());
        if (points.matches() && Double.parseDouble(points.group(1)) <= 100) {
            return Double.parseDouble(points.group(1)) / 100;
        }
        throw node.error("'" + node.text() + "' (expected: 0 to 100 points, as +10 points)");
    }
}
