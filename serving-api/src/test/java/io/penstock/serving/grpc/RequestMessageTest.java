package io.penstock.serving.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestMessageTest {
    private static final int BYTES_MAX = 40_000;
    private static final String OK = "0";
    private static final String RESOURCE_EXHAUSTED = "8";
    private static final String UNIMPLEMENTED = "12";
    private static final String INTERNAL = "13";

    private final RequestMessage message = new RequestMessage(BYTES_MAX);

    /** One reads them all, as on a loop. */
    @Test
    void readsWhatIsOneMessageAndNothingElse() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 3_000; i++) {
            byte[] plain =
                    new byte[pick(random, 0, 1, random.nextInt(100), 16 << 10, (16 << 10) + 1, BYTES_MAX, 40_001)];
            random.nextBytes(plain);
            int first = pick(random, 0, 0, 1, 1, 2, 255);
            String encoding = List.of("", "identity", "gzip", "gzip", "snappy").get(random.nextInt(5));
            boolean isCompressed = random.nextInt(4) > 0;
            byte[] sent = first == 1 && isCompressed ? gzip(plain) : plain;
            int missing = pick(random, 0, 0, 0, 0, 1, -1, -sent.length - 5);
            ByteBuf framed = framed(random.nextInt(8), first, sent.length + missing, sent);

            String expected = expected(plain, first, encoding, isCompressed, missing);
            String what = i + ": " + plain.length + " bytes, first " + first + ", encoding " + encoding + ", "
                    + isCompressed + ", " + missing + " missing";
            int from = framed.readerIndex();
            assertThat(status(message.read(framed, encoding.isEmpty() ? null : encoding)))
                    .as(what)
                    .isEqualTo(expected);
            assertThat(framed.readerIndex()).as(what).isEqualTo(from);
            if (expected.equals(OK)) {
                assertThat(bytes()).as(what).isEqualTo(plain);
            }
        }
    }

    private static String expected(byte[] plain, int first, String encoding, boolean isCompressed, int missing) {
        if (missing != 0 || first > 1) {
            return INTERNAL;
        }
        if (first == 0) {
            return plain.length > BYTES_MAX ? RESOURCE_EXHAUSTED : OK;
        }
        return switch (encoding) {
            case "gzip" -> !isCompressed ? INTERNAL : plain.length > BYTES_MAX ? RESOURCE_EXHAUSTED : OK;
            case "snappy" -> UNIMPLEMENTED;
            default -> INTERNAL;
        };
    }

    /** The JDK reads one member inside the other. */
    @Test
    void outlivesACompressedRequestOfManyEmptyMembers() throws IOException {
        byte[] member = gzip(new byte[0]);
        byte[] many = new byte[100_000 * member.length];
        for (int i = 0; i < many.length; i += member.length) {
            System.arraycopy(member, 0, many, i, member.length);
        }
        assertThat(status(message.read(framed(0, 1, many.length, many), "gzip")))
                .isEqualTo(INTERNAL);
    }

    /** The length has no sign. */
    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 4})
    void refusesALengthBeyondWhatIsThere(int length) {
        assertThat(status(message.read(framed(0, 0, length, new byte[3]), null)))
                .isEqualTo(INTERNAL);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void refusesWhatIsShorterThanAHead(int bytes) {
        assertThat(status(message.read(Unpooled.wrappedBuffer(new byte[bytes]), null)))
                .isEqualTo(INTERNAL);
    }

    private byte[] bytes() {
        ByteBuffer bytes = message.bytes();
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return copy;
    }

    private static String status(@Nullable Http2Headers refusal) {
        return refusal == null ? OK : String.valueOf(refusal.get("grpc-status"));
    }

    private static int pick(Random random, int... from) {
        return from[random.nextInt(from.length)];
    }

    /** @param before bytes that were read already */
    private static ByteBuf framed(int before, int first, int length, byte[] sent) {
        return Unpooled.buffer()
                .writeZero(before)
                .skipBytes(before)
                .writeByte(first)
                .writeInt(length)
                .writeBytes(sent);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(bytes);
        }
        return compressed.toByteArray();
    }
}
