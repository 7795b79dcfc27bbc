package io.penstock.testkit;

import io.penstock.client.DatasetReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Optional;

/** Makes clients that {@code protoc-gen-penstock} generated: classes with a {@code static of(DatasetReader)}. */
final class GeneratedClients {
    private GeneratedClients() {}

    static boolean isOne(Class<?> type) {
        return factory(type).isPresent();
    }

    /** A client of a type that {@link #isOne}. */
    static Object of(Class<?> type, DatasetReader reader) {
        try {
            return factory(type).orElseThrow().invoke(null, reader);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(type.getName() + ".of(reader) failed: " + e.getCause(), e);
        }
    }

    private static Optional<Method> factory(Class<?> type) {
        try {
            Method factory = type.getMethod("of", DatasetReader.class);
            boolean fits = Modifier.isStatic(factory.getModifiers())
                    && Modifier.isPublic(type.getModifiers())
                    && factory.getReturnType() == type;
            return fits ? Optional.of(factory) : Optional.empty();
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        }
    }
}
