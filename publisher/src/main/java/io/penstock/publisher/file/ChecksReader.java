package io.penstock.publisher.file;

import io.penstock.contract.Durations;
import io.penstock.publisher.guardrail.FieldLimits;
import io.penstock.publisher.guardrail.Guardrails;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the guardrails' settings, {@code checks:}, each under the name it has in the manifest. */
final class ChecksReader {
    private static final Pattern PERCENT = Pattern.compile("([+-]?\\d+(?:\\.\\d+)?) ?%");
    private static final Pattern POINTS = Pattern.compile("\\+?(\\d+(?:\\.\\d+)?) ?points?");
    private static final String FIELDS = "fields";
    private static final double INFINITE = Double.POSITIVE_INFINITY;
    private static final List<String> KEYS = List.of(
            "rows-present",
            "row-count-change",
            "rows-updated",
            "rows-removed",
            "rows-changed",
            "row-size-growth",
            "data-age",
            "null-rate",
            "blank-rate",
            "distinct-count",
            "range",
            "mean-shift",
            "canary-keys");

    private final YamlNode checks;
    private final Guardrails.Builder guardrails = Guardrails.DEFAULTS.toBuilder();

    private ChecksReader(YamlNode checks) {
        this.checks = checks;
    }

    static Guardrails read(@Nullable YamlNode checks) {
        if (checks == null) {
            return Guardrails.DEFAULTS;
        }
        checks.members(KEYS);
        ChecksReader reader = new ChecksReader(checks);
        reader.readRows();
        reader.readFields();
        reader.readCanaries();
        try {
            return reader.guardrails.build();
        } catch (IllegalArgumentException e) {
            throw checks.error(String.valueOf(e.getMessage()));
        }
    }

    private void readRows() {
        List<String> minAndMax = List.of("min", "max");
        with("rows-present", "min", minAndMax, node -> guardrails.rowsMin(node.wholeNumber(0)));
        with("rows-present", "max", minAndMax, node -> guardrails.rowsMax(node.wholeNumber(0)));
        with(
                "row-count-change",
                "min",
                minAndMax,
                node -> guardrails.rowCountDropMax(0.0 - percent(node, -100, 0, "-100% to 0%, as -20%")));
        with("row-count-change", "max", minAndMax, node -> guardrails.rowCountGrowthMax(growth(node)));
        share("rows-updated", guardrails::rowsUpdatedMax);
        share("rows-removed", guardrails::rowsRemovedMax);
        share("rows-changed", guardrails::rowsChangedMax);
        with("row-size-growth", "max", List.of("max"), node -> guardrails.rowSizeGrowthMax(growth(node)));
        with("data-age", "max", List.of("max"), node -> guardrails.dataAgeMax(duration(node)));
        with("null-rate", "max", List.of("max", FIELDS), node -> guardrails.nullRateRiseMax(points(node)));
    }

    private void share(String check, DoubleConsumer use) {
        with(
                check,
                "max",
                List.of("max"),
                node -> use.accept(percent(node, 0, Double.MAX_VALUE, "0% or more, as 60%")));
    }

    private void readFields() {
        fields("null-rate", List.of("max", FIELDS), (limits, node) -> limits.withNullRate(part(node)));
        fields("blank-rate", List.of(FIELDS), (limits, node) -> limits.withBlankRate(part(node)));
        fields("distinct-count", List.of(FIELDS), (limits, node) -> {
            node.members(List.of("min", "max"));
            YamlNode min = node.member("min");
            YamlNode max = node.member("max");
            return limits.withDistinct(
                    min == null ? -INFINITE : min.wholeNumber(0), max == null ? INFINITE : max.wholeNumber(0));
        });
        fields("range", List.of(FIELDS), (limits, node) -> {
            node.members(List.of("min", "max"));
            YamlNode min = node.member("min");
            YamlNode max = node.member("max");
            return limits.withRange(min == null ? -INFINITE : number(min), max == null ? INFINITE : number(max));
        });
        fields("mean-shift", List.of(FIELDS), (limits, node) -> limits.withMeanShift(growth(node)));
    }

    private void fields(String check, List<String> known, BiFunction<FieldLimits, YamlNode, FieldLimits> with) {
        with(check, FIELDS, known, fields -> {
            for (Map.Entry<String, YamlNode> field : fields.members().entrySet()) {
                try {
                    guardrails.field(field.getKey(), with.apply(guardrails.field(field.getKey()), field.getValue()));
                } catch (IllegalArgumentException e) {
                    throw field.getValue().error(String.valueOf(e.getMessage()));
                }
            }
        });
    }

    private void readCanaries() {
        YamlNode canaries = checks.member("canary-keys");
        if (canaries == null) {
            return;
        }
        if (canaries.isSequence()) {
            canaries.texts().forEach(key -> guardrails.canary(key, Map.of()));
            return;
        }
        for (Map.Entry<String, YamlNode> canary : canaries.members().entrySet()) {
            Map<String, String> expected = new LinkedHashMap<>();
            canary.getValue().members().forEach((field, value) -> expected.put(field, value.text()));
            guardrails.canary(canary.getKey(), expected);
        }
    }

    private void with(String check, String name, List<String> known, Consumer<YamlNode> use) {
        YamlNode settings = checks.member(check);
        if (settings == null) {
            return;
        }
        settings.members(known);
        YamlNode setting = settings.member(name);
        if (setting != null) {
            use.accept(setting);
        }
    }

    private static double growth(YamlNode node) {
        return percent(node, 0, Double.MAX_VALUE, "0% or more, as +100%");
    }

    private static double part(YamlNode node) {
        return percent(node, 0, 100, "0% to 100%, as 5%");
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

    private static double number(YamlNode node) {
        try {
            return new BigDecimal(node.text()).doubleValue();
        } catch (NumberFormatException e) {
            throw node.error("'" + node.text() + "' (expected: a number)");
        }
    }

    private static Duration duration(YamlNode node) {
        return Durations.parse(node.text())
                .orElseThrow(() -> node.error("'" + node.text() + "' (expected: a length of time, as 26h or 1d12h)"));
    }
}
