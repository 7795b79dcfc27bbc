package io.penstock.serving.read.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import io.penstock.serving.v1.CheckOutcome;
import io.penstock.serving.v1.ServedVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cutting fields out of a value's bytes against parsing, clearing and serializing it with protobuf. */
class ValueCutterFuzzTest {
    private static final int[] NUMBERS = {1, 2, 3, 15, 16, 63, 64, 65, 2_000, 18_999, 20_000, (1 << 29) - 1};

    private final ValueCutter cutter = new ValueCutter();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void keepsWhatProtobufKeepsWhenTheOtherFieldsAreCleared(long seed) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            ServedVersion version = randomVersion(random);
            Set<Integer> numbers = new HashSet<>();
            for (FieldDescriptor field : ServedVersion.getDescriptor().getFields()) {
                if (random.nextInt(3) == 0) {
                    numbers.add(field.getNumber());
                }
            }
            byte[] cut = cut(version.toByteArray(), numbers);
            assertThat(cut).isEqualTo(cleared(version, numbers).toByteArray());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6, 7, 8})
    void acceptsWhatProtobufAcceptsAndKeepsTheOrderOfTheBytes(long seed) throws IOException {
        Random random = new Random(seed);
        int accepted = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] value = damaged(randomFields(random, 0), random);
            Set<Integer> numbers = new HashSet<>();
            for (int number : NUMBERS) {
                if (random.nextBoolean()) {
                    numbers.add(number);
                }
            }
            UnknownFieldSet parsed = parse(value);
            byte[] cut = cut(value, numbers);
            if (cut == null) {
                assertThat(parsed == null || hasOverlongVarint(value))
                        .as(() -> Arrays.toString(value))
                        .isTrue();
                continue;
            }
            accepted++;
            if (parsed == null) {
                throw new AssertionError("protobuf refuses " + Arrays.toString(value));
            }
            UnknownFieldSet.Builder expected = parsed.toBuilder();
            Set<Integer> others = new HashSet<>(expected.build().asMap().keySet());
            others.removeAll(numbers);
            others.forEach(expected::clearField);
            assertThat(parse(cut)).isEqualTo(expected.build());
            assertThat(isSubsequence(cut, value)).isTrue();
        }
        assertThat(accepted).isBetween(10_000 / 2, 9_900);
    }

    @Test
    void handsOutTheValueItselfWhenNothingIsCut() {
        byte[] value =
                ServedVersion.newBuilder().setVersion(7).setRows(8).build().toByteArray();
        assertThat(cut(value, Set.of(1, 9, 77))).isSameAs(value);
        assertThat(cut(new byte[0], Set.of(1))).isEmpty();
        assertThat(cut(value, Set.of(77))).isEmpty();
    }

    @Test
    void looksAtAllOfTheValueEvenIfWhatIsWantedStandsFirst() {
        byte[] good = ServedVersion.newBuilder().setVersion(7).build().toByteArray();
        byte[] torn = Arrays.copyOf(good, good.length + 1);
        torn[good.length] = 0x12; // a length-delimited field without its length
        assertThat(cut(torn, Set.of(1))).isNull();
        assertThat(cut(new byte[1_000], Set.of(1))).isNull();
    }

    /** As it is cut where more bytes follow it. */
    private byte @Nullable [] cut(byte[] value, Set<Integer> numbers) {
        byte[] cut = cutter.cut(value, value.length, selection(numbers));
        byte[] longer = Arrays.copyOf(value, value.length + 3);
        byte[] cutOfLonger = cutter.cut(longer, value.length, selection(numbers));
        assertThat(cutOfLonger == longer ? value : cutOfLonger).isEqualTo(cut);
        return cut;
    }

    private static FieldSelection selection(Set<Integer> numbers) {
        int[] all = numbers.stream().mapToInt(Integer::intValue).toArray();
        return FieldSelection.of(all, all.length);
    }

    private static ServedVersion cleared(ServedVersion version, Set<Integer> numbers) {
        ServedVersion.Builder builder = version.toBuilder();
        for (FieldDescriptor field : version.getAllFields().keySet()) {
            if (!numbers.contains(field.getNumber())) {
                builder.clearField(field);
            }
        }
        return builder.build();
    }

    private static ServedVersion randomVersion(Random random) {
        ServedVersion.Builder version = ServedVersion.newBuilder()
                .setVersion(random.nextInt(3))
                .setRevision(random.nextLong())
                .setGeneration(random.nextLong())
                .setDataAsOfAssumed(random.nextBoolean())
                .setContractDigest(bytes(random));
        if (random.nextBoolean()) {
            version.setDataAsOf(
                    Timestamp.newBuilder().setSeconds(random.nextInt()).setNanos(5));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            version.addChecks(CheckOutcome.newBuilder().setCheck("check-" + i).setPassed(random.nextBoolean()));
        }
        if (random.nextBoolean()) {
            version.putLabels("run", "x".repeat(random.nextInt(200)));
        }
        return version.build();
    }

    private static byte[] randomFields(Random random, int depth) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        for (int i = random.nextInt(6); i > 0; i--) {
            int number = NUMBERS[random.nextInt(NUMBERS.length)];
            switch (random.nextInt(depth > 3 ? 4 : 5)) {
                case 0 -> out.writeInt64(number, random.nextLong() >> random.nextInt(64));
                case 1 -> out.writeFixed64(number, random.nextLong());
                case 2 -> out.writeFixed32(number, random.nextInt());
                case 3 -> out.writeBytes(number, bytes(random));
                default -> {
                    out.writeTag(number, 3);
                    out.writeRawBytes(randomFields(random, depth + 1));
                    out.writeTag(number, 4);
                }
            }
        }
        out.flush();
        return bytes.toByteArray();
    }

    private static ByteString bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }

    /** One in three: with a byte changed, or cut off. */
    private static byte[] damaged(byte[] value, Random random) {
        if (value.length == 0 || random.nextInt(3) != 0) {
            return value;
        }
        if (random.nextBoolean()) {
            return Arrays.copyOf(value, random.nextInt(value.length));
        }
        byte[] changed = value.clone();
        changed[random.nextInt(value.length)] = (byte) random.nextInt();
        return changed;
    }

    private static @Nullable UnknownFieldSet parse(byte[] value) {
        try {
            return UnknownFieldSet.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }

    /** Ten bytes and no end of a varint: protobuf takes some of them, a walker need not. */
    private static boolean hasOverlongVarint(byte[] bytes) {
        int run = 0;
        for (byte next : bytes) {
            run = next < 0 ? run + 1 : 0;
            if (run >= 10) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSubsequence(byte[] part, byte[] whole) {
        int at = 0;
        for (byte next : whole) {
            if (at < part.length && part[at] == next) {
                at++;
            }
        }
        return at == part.length;
    }
}
