package io.penstock.serving.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the texts of settings: numbers, sizes, durations, addresses, lists. Strict: what it does not know it refuses. */
final class SettingValues {
    private static final Pattern DURATION =
            Pattern.compile("(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?");
    private static final Pattern SIZE = Pattern.compile("(\\d+)\\s*(|B|KiB|MiB|GiB)");
    /** What turns an optional setting off. */
    private static final String NONE = "none";

    private SettingValues() {}

    /**
     * Reads one setting.
     *
     * @throws IllegalArgumentException saying what was expected, without the setting's name
     */
    static Object read(SettingKey key, List<String> texts) {
        if (key.type() instanceof ParameterizedType parameterized) {
            if (parameterized.getRawType() == List.class) {
                return list(texts);
            }
            String text = single(texts);
            return text.isEmpty() || text.equals(NONE)
                    ? Optional.empty()
                    : Optional.of(scalar(key, parameterized.getActualTypeArguments()[0], text));
        }
        return scalar(key, key.type(), single(texts));
    }

    private static List<String> list(List<String> texts) {
        List<String> values = new ArrayList<>();
        for (String text : texts) {
            for (String value : text.split(",", -1)) {
                values.add(value.strip());
            }
        }
        return List.copyOf(values);
    }

    private static String single(List<String> texts) {
        if (texts.size() != 1) {
            throw new IllegalArgumentException("a list (expected: one value)");
        }
        return texts.get(0).strip();
    }

    private static Object scalar(SettingKey key, Type type, String text) {
        boolean bytes = key.unit().equals("bytes");
        if (type == String.class) {
            return text;
        }
        if (type == int.class) {
            return Math.toIntExact(bytes ? size(text) : number(text, Integer.MAX_VALUE));
        }
        if (type == long.class) {
            return bytes ? size(text) : number(text, Long.MAX_VALUE);
        }
        if (type == boolean.class) {
            return truth(text);
        }
        if (type == Duration.class) {
            return duration(text);
        }
        if (type == HostPort.class) {
            return HostPort.parse(text);
        }
        if (type == Path.class) {
            return Path.of(text);
        }
        throw new IllegalStateException("no reader for settings of type " + type);
    }

    private static long number(String text, long max) {
        String digits = text.replace("_", "");
        if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("'" + text + "' (expected: a whole number)");
        }
        long number = Long.parseLong(digits);
        if (number > max) {
            throw new IllegalArgumentException("'" + text + "' (expected: at most " + max + ")");
        }
        return number;
    }

    private static long size(String text) {
        Matcher matcher = SIZE.matcher(text.replace("_", ""));
        if (!matcher.matches() || matcher.group(1).length() > 12) {
            throw new IllegalArgumentException("'" + text + "' (expected: a size such as 1024, 64KiB, 4MiB, 1GiB)");
        }
        long shift = switch (matcher.group(2)) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            default -> 0;
        };
        long number = Long.parseLong(matcher.group(1));
        if (number > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("'" + text + "' (expected: a smaller size)");
        }
        return number << shift;
    }

    private static boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("'" + text + "' (expected: true or false)");
        };
    }

    private static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' (expected: a duration such as 250ms, 5s, 1h30m, 7d; 0s for none)");
        }
        return Duration.ofDays(part(matcher, 1))
                .plusHours(part(matcher, 2))
                .plusMinutes(part(matcher, 3))
                .plusSeconds(part(matcher, 4))
                .plusMillis(part(matcher, 5));
    }

    private static long part(Matcher matcher, int group) {
        String digits = matcher.group(group);
        return digits == null ? 0 : number(digits, Integer.MAX_VALUE);
    }

    static String unit(Class<?> type) {
        if (type == Duration.class) {
            return "duration";
        }
        if (type == boolean.class) {
            return "true, false";
        }
        if (type == HostPort.class) {
            return "host:port";
        }
        if (type == Path.class) {
            return "path";
        }
        return type == String.class ? "text" : "count";
    }
}
