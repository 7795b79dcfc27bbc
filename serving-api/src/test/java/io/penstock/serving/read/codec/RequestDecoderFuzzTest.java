package io.penstock.serving.read.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.serving.v1.BatchGetRequest;
import io.penstock.serving.v1.DatasetKeys;
import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.v1.ReadOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The walkers of the wire against protobuf's own parser, on right, damaged and random bytes. */
class RequestDecoderFuzzTest {
    private static final int PADDING = 3;

    private final GetRequestDecoder gets = new GetRequestDecoder();
    private final BatchGetRequestDecoder batches = new BatchGetRequestDecoder(100);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void acceptsAndReadsWhatProtobufDoes(long seed) throws IOException {
        Random random = new Random(seed);
        int accepted = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] get = damaged(randomGet(random), random);
            accepted += checkGet(get) ? 1 : 0;
            byte[] batch = damaged(randomBatch(random), random);
            accepted += checkBatch(batch) ? 1 : 0;
        }
        assertThat(accepted).isBetween(8_000, 19_800);
    }

    @Test
    void acceptsUnknownFieldsOfEveryKindAndRefusesUnendingOnes() throws IOException {
        byte[] known =
                GetRequest.newBuilder().setDataset("a.v1").setKey("k").build().toByteArray();
        int[][] unknown = {
            {0x78, 1},
            {0x79, 1, 2, 3, 4, 5, 6, 7, 8},
            {0x7A, 2, 9, 9},
            {0x7D, 1, 2, 3, 4},
            {0x7B, 0x08, 1, 0x7C},
            {0x7B, 0x7B, 0x7C, 0x7C}
        };
        for (int[] field : unknown) {
            assertThat(checkGet(concat(known, field))).isTrue();
        }
        int[][] wrong = {{0x7B}, {0x7C}, {0x7B, 0x74}, {0x7E}, {0x00}, {0x7A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F}, {0x0A, 5}};
        for (int[] field : wrong) {
            assertThat(checkGet(concat(known, field))).isFalse();
        }
        byte[] deep = new byte[10_000];
        Arrays.fill(deep, (byte) 0x7B);
        assertThat(checkGet(deep)).isFalse();
    }

    @Test
    void claimedSizesAllocateNothing() {
        byte[] claim = {0x0A, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0x07};
        assertThat(gets.decode(claim, 0, claim.length)).isFalse();
        assertThat(batches.walk(claim, 0, claim.length)).isFalse();
    }

    @Test
    void tellsUtf8AsTheJdkDoes() {
        Random random = new Random(11);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[random.nextInt(8)];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                CharBuffer text = CharBuffer.wrap(Character.toString(random.nextInt(0xD800))
                        + Character.toString(0xE000 + random.nextInt(0x101FFF)));
                ByteBuffer encoded = StandardCharsets.UTF_8.encode(text);
                bytes = new byte[encoded.remaining()];
                encoded.get(bytes);
                if (random.nextInt(3) == 0) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
            assertThat(Utf8.isValid(bytes, 0, bytes.length)).isEqualTo(isUtf8(bytes));
        }
    }

    /** Compares; returns whether both accept. Strings that are not UTF-8 are refused later, by field. */
    private boolean checkGet(byte[] bytes) throws IOException {
        byte[] padded = pad(bytes);
        boolean accepts = gets.decode(padded, PADDING, PADDING + bytes.length);
        DynamicMessage parsed = parse(GetRequest.getDescriptor(), bytes);
        GetRequest message = parsed == null ? null : reparse(bytes);
        if (!accepts && hasOverlongVarint(bytes)) {
            return false;
        }
        if (message == null) {
            if (accepts) {
                boolean allText = isUtf8(slice(padded, gets.datasetOffset(), gets.datasetLength()))
                        && isUtf8(slice(padded, gets.keyOffset(), gets.keyLength()));
                assertThat(allText && !hasBadTextSomewhere(bytes))
                        .as(() -> Arrays.toString(bytes))
                        .isFalse();
            }
            return false;
        }
        assertThat(accepts).as(() -> Arrays.toString(bytes)).isTrue();
        assertThat(slice(padded, gets.datasetOffset(), gets.datasetLength()))
                .isEqualTo(message.getDatasetBytes().toByteArray());
        assertThat(slice(padded, gets.keyOffset(), gets.keyLength()))
                .isEqualTo(message.getKeyBytes().toByteArray());
        checkOptions(gets.options(), message.getOptions());
        return true;
    }

    private boolean checkBatch(byte[] bytes) {
        byte[] padded = pad(bytes);
        boolean accepts = batches.walk(padded, PADDING, PADDING + bytes.length);
        BatchGetRequest message;
        try {
            message = BatchGetRequest.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            return false; // that it may be text alone is checked with GetRequest
        }
        if (!accepts && hasOverlongVarint(bytes)) {
            return false;
        }
        assertThat(accepts).as(() -> Arrays.toString(bytes)).isTrue();
        BatchKeys keys = batches.places();
        assertThat(keys.groups()).isEqualTo(message.getGroupsCount());
        for (int group = 0; group < keys.groups(); group++) {
            DatasetKeys expected = message.getGroups(group);
            assertThat(slice(padded, PADDING + keys.datasetOffset(group), keys.datasetLength(group)))
                    .isEqualTo(expected.getDatasetBytes().toByteArray());
            assertThat(keys.endKey(group) - keys.firstKey(group)).isEqualTo(expected.getKeysCount());
            for (int i = 0; i < expected.getKeysCount(); i++) {
                int key = keys.firstKey(group) + i;
                assertThat(slice(padded, PADDING + keys.keyOffset(key), keys.keyLength(key)))
                        .isEqualTo(expected.getKeysBytes(i).toByteArray());
            }
            checkOptions(keys.options(group), expected.getOptions());
        }
        return true;
    }

    private static void checkOptions(RequestOptions options, ReadOptions expected) {
        assertThat(options.version()).isEqualTo(expected.getVersion());
        assertThat(options.minRevision()).isEqualTo(expected.getMinRevision());
        assertThat(options.ifGeneration()).isEqualTo(expected.getIfGeneration());
        assertThat(options.fieldCount()).isEqualTo(expected.getFieldsCount());
        assertThat(options.hasFalseField())
                .isEqualTo(expected.getFieldsList().stream()
                        .anyMatch(number -> number < 1 || number > 536_870_911 || number / 1_000 == 19));
        FieldSelection fields = options.fields();
        assertThat(fields == null).isEqualTo(expected.getFieldsCount() == 0);
        if (fields != null && !options.hasFalseField()) {
            assertThat(expected.getFieldsList()).allMatch(fields::has);
        }
        long seconds = expected.getMaxAge().getSeconds();
        int nanos = expected.getMaxAge().getNanos();
        boolean isValid = expected.getVersion() >= 0
                && expected.getMinRevision() >= 0
                && seconds >= 0
                && seconds <= 315_576_000_000L
                && nanos >= 0
                && nanos < 1_000_000_000;
        assertThat(options.isValid()).isEqualTo(isValid);
        if (isValid) {
            long millis = expected.hasMaxAge() ? seconds * 1_000 + nanos / 1_000_000 : RequestOptions.ANY_AGE;
            assertThat(options.maxAgeMillis()).isEqualTo(millis);
        }
    }

    /** A parse that does not look at texts: null if the bytes are no message at all. */
    private static @Nullable DynamicMessage parse(com.google.protobuf.Descriptors.Descriptor type, byte[] bytes) {
        try {
            return DynamicMessage.parseFrom(type, bytes);
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }

    private static @Nullable GetRequest reparse(byte[] bytes) {
        try {
            return GetRequest.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }

    /** Whether an earlier occurrence of a text field, which a later one replaced, is not UTF-8. */
    private static boolean hasBadTextSomewhere(byte[] bytes) throws IOException {
        var input = com.google.protobuf.CodedInputStream.newInstance(bytes);
        while (!input.isAtEnd()) {
            int tag = input.readTag();
            if (tag == 10 || tag == 18) {
                if (!input.readBytes().isValidUtf8()) {
                    return true;
                }
            } else if (!input.skipField(tag)) {
                return false;
            }
        }
        return false;
    }

    /** Protobuf's parser for Java takes ten bytes for a varint even if the tenth says that there are more. */
    private static boolean hasOverlongVarint(byte[] bytes) {
        int run = 0;
        for (byte each : bytes) {
            run = each < 0 ? run + 1 : 0;
            if (run == 10) {
                return true;
            }
        }
        return false;
    }

    private static GetRequest randomGet(Random random) {
        GetRequest.Builder get = GetRequest.newBuilder();
        if (random.nextInt(8) > 0) {
            get.setDataset(text(random, 12));
        }
        if (random.nextInt(8) > 0) {
            get.setKey(text(random, 300));
        }
        if (random.nextBoolean()) {
            get.setOptions(randomOptions(random));
        }
        return get.build();
    }

    private static BatchGetRequest randomBatch(Random random) {
        BatchGetRequest.Builder batch = BatchGetRequest.newBuilder();
        for (int group = random.nextInt(4); group > 0; group--) {
            DatasetKeys.Builder keys = batch.addGroupsBuilder().setDataset(text(random, 12));
            for (int key = random.nextInt(5); key > 0; key--) {
                keys.addKeys(text(random, 20));
            }
            if (random.nextBoolean()) {
                keys.setOptions(randomOptions(random));
            }
        }
        return batch.build();
    }

    private static ReadOptions randomOptions(Random random) {
        ReadOptions.Builder options = ReadOptions.newBuilder();
        if (random.nextBoolean()) {
            options.setVersion(random.nextLong());
        }
        if (random.nextBoolean()) {
            options.setMinRevision(random.nextInt(100));
        }
        if (random.nextBoolean()) {
            options.getMaxAgeBuilder().setSeconds(random.nextInt(1_000) - 5).setNanos(random.nextInt());
        }
        if (random.nextInt(4) == 0) {
            options.addFields(random.nextInt()).addFields(2);
        }
        if (random.nextBoolean()) {
            options.setIfGeneration(random.nextLong());
        }
        return options.build();
    }

    /** The message's bytes; every second time with something wrong or unusual about them. */
    private static byte[] damaged(com.google.protobuf.MessageLite message, Random random) throws IOException {
        byte[] bytes = message.toByteArray();
        switch (random.nextInt(8)) {
            case 0 -> {
                if (bytes.length > 0) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
            case 1 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 2 -> {
                bytes = new byte[random.nextInt(40)];
                random.nextBytes(bytes);
            }
            case 3 -> {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                CodedOutputStream coded = CodedOutputStream.newInstance(out);
                coded.writeRawBytes(bytes); // twice the same message is one message, merged
                coded.writeBytes(15, ByteString.copyFromUtf8("unknown"));
                coded.writeRawBytes(bytes);
                coded.flush();
                bytes = out.toByteArray();
            }
            default -> {}
        }
        return bytes;
    }

    private static String text(Random random, int chars) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(chars + 1); i > 0; i--) {
            text.appendCodePoint(random.nextInt(10) == 0 ? 0xE000 + random.nextInt(0x1000) : 'a' + random.nextInt(26));
        }
        return text.toString();
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static byte[] pad(byte[] bytes) {
        byte[] padded = new byte[bytes.length + 2 * PADDING];
        Arrays.fill(padded, (byte) 0x0A);
        System.arraycopy(bytes, 0, padded, PADDING, bytes.length);
        return padded;
    }

    private static byte[] slice(byte[] bytes, int offset, int length) {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    private static byte[] concat(byte[] bytes, int[] more) {
        byte[] all = Arrays.copyOf(bytes, bytes.length + more.length);
        for (int i = 0; i < more.length; i++) {
            all[bytes.length + i] = (byte) more[i];
        }
        return all;
    }
}
