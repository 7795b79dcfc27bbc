package io.penstock.store.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** That it finds what it is for, in parsers that are wrong. */
class FuzzBehaviourTest {
    private static final Pattern SEED = Pattern.compile("penstock\\.fuzz\\.seed=(\\d+)");
    private static final List<byte[]> VALID = List.of(new byte[] {2, 'a', 'b'});

    @Test
    void findsAnUndocumentedException() {
        assertThatThrownBy(() -> Fuzz.bytes("lengths", VALID).run(1_000, input -> {
                    byte[] text = new byte[input[0] & 0xFF];
                    ByteBuffer.wrap(input, 1, input.length - 1).get(text);
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dpenstock.fuzz.rounds=1")
                .hasMessageMatching("(?s).*(BufferUnderflow|ArrayIndexOutOfBounds).*");
    }

    @Test
    void findsRoomThatIsMadeForAClaimedSize() {
        assertThatThrownBy(() -> Fuzz.bytes("claims", VALID).run(10_000, input -> {
                    long size = 0;
                    for (int i = 0; i < input.length && i < 5; i++) {
                        size |= (long) (input[i] & 0x7F) << (7 * i);
                    }
                    consume(new byte[(int) Math.min(size, 64 << 20)]);
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("makes the parser allocate");
    }

    @Test
    void findsAnOverflowOfTheStack() {
        assertThatThrownBy(() -> Fuzz.text("nesting", List.of("((x))")).run(10_000, input -> nest(input, 0)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("StackOverflowError");
    }

    @Test
    void theNamedSeedAloneMakesTheSameInput() {
        String found = failure(1_000);
        Matcher seed = SEED.matcher(found);
        assertThat(seed.find()).isTrue();
        System.setProperty("penstock.fuzz.seed", seed.group(1));
        try {
            assertThat(failure(1)).isEqualTo(found);
        } finally {
            System.clearProperty("penstock.fuzz.seed");
        }
    }

    private static String failure(int rounds) {
        try {
            Fuzz.bytes("first", VALID).run(rounds, input -> {
                if (input.length > 0 && input[0] != 2) {
                    throw new IllegalStateException("not 2");
                }
            });
            return "";
        } catch (Exception | AssertionError e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static int nest(byte[] input, int at) {
        return at < input.length && input[at] == '(' ? 1 + nest(input, at + 1) : 0;
    }

    private static void consume(byte[] bytes) {
        if (bytes.length > 0) {
            bytes[bytes.length - 1] = 1;
        }
    }
}
