package io.penstock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/testkit.md} against the code. */
class TestKitPageTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "testkit.md");

    @Test
    void showsTheTestThatRunsHere() throws Exception {
        String test = Files.readString(Path.of("src", "test", "java", "io", "penstock", "testkit", "GreeterTest.java"));
        String shown = test.substring(test.indexOf("// docs: begin\n") + 15, test.indexOf("    // docs: end"));

        assertThat(Files.readString(PAGE))
                .contains("```java\n" + shown.stripTrailing().stripIndent() + "\n```");
    }

    @Test
    void namesEveryFaultAndEveryWayToPublish() throws Exception {
        String page = Files.readString(PAGE);
        Stream.concat(
                        Arrays.stream(KitFaults.class.getDeclaredMethods()),
                        Arrays.stream(PenstockKit.class.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(Method::getName)
                .filter(name -> !name.matches("builder|close|current|reset|resumeAdoption"))
                .forEach(name -> assertThat(page).contains(name + "("));
    }
}
