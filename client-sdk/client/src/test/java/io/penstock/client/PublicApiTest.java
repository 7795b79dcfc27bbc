package io.penstock.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The client's public API is the file {@code api.txt} beside its {@code pom.xml}, so that nobody changes it by accident and
 * every change shows in a review. To accept a change: {@code mvn -pl client-sdk/client -am test -Dtest=PublicApiTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dpenstock.api.accept=true}, then commit the file. What may change is said in
 * {@code docs/client-stability.md}.
 */
class PublicApiTest {
    private static final Path FILE = Path.of("api.txt");
    private static final String PACKAGE = "io.penstock.client";
    private static final Set<String> OF_EVERY_OBJECT = Set.of("equals", "hashCode", "toString");

    @Test
    void isTheOneThatWasAgreedOn() throws Exception {
        String now = dump();
        if (Boolean.getBoolean("penstock.api.accept")) {
            Files.writeString(FILE, now);
        }
        assertThat(now)
                .as("the public API; the command that accepts a change stands at this test")
                .isEqualTo(Files.readString(FILE));
    }

    private static String dump() throws Exception {
        StringBuilder dump = new StringBuilder();
        for (String name : classNames()) {
            Class<?> type = Class.forName(name, false, PublicApiTest.class.getClassLoader());
            if (isVisible(type)) {
                dump.append(header(type)).append('\n');
                members(type)
                        .forEach(member -> dump.append("    ")
                                .append(shortened(type, member))
                                .append('\n'));
            }
        }
        return dump.toString();
    }

    private static Set<String> classNames() throws Exception {
        URI location = PenstockClient.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI();
        Path root = Path.of(location);
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("package-info.class"))
                    .map(file -> file.substring(0, file.length() - ".class".length())
                            .replace(root.getFileSystem().getSeparator(), "."))
                    .filter(name -> name.startsWith(PACKAGE) && !name.startsWith(PACKAGE + ".internal"))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isVisible(Class<?> type) {
        return isVisible(type.getModifiers())
                && !type.isAnonymousClass()
                && (type.getDeclaringClass() == null || isVisible(type.getDeclaringClass()));
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String header(Class<?> type) {
        String kind = type.isRecord() ? "record" : type.isEnum() ? "enum" : type.isInterface() ? "interface" : "class";
        StringBuilder header = new StringBuilder();
        if (!type.isInterface() && Modifier.isAbstract(type.getModifiers())) {
            header.append("abstract ");
        }
        if (Modifier.isFinal(type.getModifiers()) && !type.isRecord() && !type.isEnum()) {
            header.append("final ");
        }
        header.append(type.isSealed() ? "sealed " : "").append(kind).append(' ').append(type.getName());
        if (type.getTypeParameters().length > 0) {
            header.append(Arrays.stream(type.getTypeParameters())
                    .map(PublicApiTest::bounded)
                    .collect(Collectors.joining(", ", "<", ">")));
        }
        Type parent = type.getGenericSuperclass();
        if (parent != null && parent != Object.class && !type.isRecord() && !type.isEnum()) {
            header.append(" extends ").append(parent.getTypeName());
        }
        List<String> interfaces = new ArrayList<>();
        for (Type each : type.getGenericInterfaces()) {
            interfaces.add(each.getTypeName());
        }
        return header + (interfaces.isEmpty() ? "" : " : " + String.join(", ", interfaces));
    }

    private static String bounded(TypeVariable<?> variable) {
        String bound = variable.getBounds()[0].getTypeName();
        return variable.getName() + (bound.equals("java.lang.Object") ? "" : " extends " + bound);
    }

    private static Set<String> members(Class<?> type) {
        Set<String> members = new TreeSet<>();
        for (Field field : type.getDeclaredFields()) {
            if (isVisible(field.getModifiers()) && !field.isSynthetic()) {
                members.add(field.toGenericString());
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            add(members, constructor, constructor.toGenericString());
        }
        for (Method method : type.getDeclaredMethods()) {
            if (!method.isBridge() && !OF_EVERY_OBJECT.contains(method.getName())) {
                add(members, method, method.toGenericString());
            }
        }
        return members;
    }

    private static void add(Set<String> members, Executable member, String text) {
        if (isVisible(member.getModifiers()) && !member.isSynthetic()) {
            members.add(text);
        }
    }

    private static String shortened(Class<?> type, String member) {
        return member.replace(type.getName() + ".", "")
                .replace(PACKAGE + ".", "")
                .replace("java.lang.", "")
                .replace("java.util.", "")
                .replace("public ", "");
    }
}
