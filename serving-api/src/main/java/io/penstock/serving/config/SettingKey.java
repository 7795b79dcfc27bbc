package io.penstock.serving.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A setting by its full name, as the file, the environment and the documentation know it. */
record SettingKey(String path, String environment, String defaults, String says, Type type) {
    /** Every setting of a configuration record and of the sections in it, in their order. */
    static List<SettingKey> of(Class<? extends Record> root) {
        List<SettingKey> keys = new ArrayList<>();
        collect(root, "", keys);
        return List.copyOf(keys);
    }

    private static void collect(Class<?> section, String prefix, List<SettingKey> keys) {
        for (RecordComponent component : section.getRecordComponents()) {
            String path = prefix + name(component);
            Setting setting = component.getAnnotation(Setting.class);
            if (setting == null) {
                collect(component.getType(), path + ".", keys);
                continue;
            }
            String environment = setting.environment().isEmpty()
                    ? "PENSTOCK_" + path.replace('.', '_').toUpperCase(Locale.ROOT)
                    : setting.environment();
            keys.add(new SettingKey(path, environment, setting.defaults(), setting.says(), component.getGenericType()));
        }
    }

    /** {@code keyBytes} is {@code key_bytes} in the file. */
    static String name(RecordComponent component) {
        StringBuilder name = new StringBuilder();
        for (char c : component.getName().toCharArray()) {
            if (Character.isUpperCase(c)) {
                name.append('_');
            }
            name.append(Character.toLowerCase(c));
        }
        return name.toString();
    }

    /** What the setting is counted in, for people. */
    String unit() {
        if (path.endsWith("_bytes")) {
            return "bytes";
        }
        if (type instanceof ParameterizedType parameterized) {
            return parameterized.getRawType() == List.class
                    ? "list"
                    : SettingValues.unit((Class<?>) parameterized.getActualTypeArguments()[0]);
        }
        return SettingValues.unit((Class<?>) type);
    }
}
