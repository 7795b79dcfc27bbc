package io.penstock.serving.config;

import io.penstock.serving.ServingException;
import io.penstock.serving.config.SettingsFile.Given;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes configuration records of what was given, their defaults for the rest. */
final class SettingsBinder {
    private final List<SettingKey> keys;
    private final Map<String, Given> givens;

    SettingsBinder(List<SettingKey> keys, Map<String, Given> givens) {
        this.keys = keys;
        this.givens = givens;
    }

    /**
     * Makes one record.
     *
     * @param base where values come from that were not given; null: the defaults
     * @throws ServingException naming the setting and where it was given
     */
    <R> R bind(Class<R> type, @Nullable Object base) {
        return type.cast(bind(type, "", base));
    }

    private Object bind(Class<?> type, String prefix, @Nullable Object base) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            String path = prefix + SettingKey.name(components[i]);
            Object present = base == null ? null : present(components[i], base);
            values[i] = components[i].isAnnotationPresent(Setting.class)
                    ? value(path, present)
                    : bind(types[i], path + ".", present);
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw invalid(located(String.valueOf(refused.getMessage())));
            }
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object value(String path, @Nullable Object present) {
        SettingKey key =
                keys.stream().filter(k -> k.path().equals(path)).findFirst().orElseThrow();
        Given given = givens.get(path);
        if (given == null) {
            return present == null ? SettingValues.read(key, List.of(key.defaults())) : present;
        }
        try {
            return SettingValues.read(key, given.texts());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw invalid(given.where() + ": " + path + ": " + e.getMessage());
        }
    }

    /** Records name the setting they refuse; whoever set it is told where. */
    private String located(String message) {
        for (Map.Entry<String, Given> given : givens.entrySet()) {
            if (message.startsWith(given.getKey() + ":")) {
                return given.getValue().where() + ": " + message;
            }
        }
        return message;
    }

    private static Object present(RecordComponent component, Object base) {
        try {
            return component.getAccessor().invoke(base);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ServingException invalid(String message) {
        return new ServingException(ServingException.Code.INVALID_CONFIG, message);
    }
}
