package io.penstock.store.redis.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.penstock.store.testkit.fuzz.Fuzz;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RespReaderFuzzTest {
    private static final RespReader.Answers NOBODY = new RespReader.Answers() {
        @Override
        public void string(@Nullable ByteBuffer bytes) {}

        @Override
        public void number(long number) {}

        @Override
        public void list(int elements) {}

        @Override
        public void error(String message) {}

        @Override
        public void complete() {}

        @Override
        public void malformed(String why) {}
    };

    @Test
    void answersAreReadOrMalformedWhereverTheirBytesAreCut() throws Exception {
        List<String> answers = List.of(
                "*2\r\n$1\r\na\r\n$-1\r\n:42\r\n+OK\r\n",
                "%1\r\n+k\r\n*2\r\n:1\r\n#t\r\n=7\r\ntxt:abc\r\n",
                ">2\r\n+message\r\n$3\r\nabc\r\n-ERR no\r\n!6\r\nERR no\r\n");
        Fuzz.text(
                        "RESP",
                        answers,
                        "$2147483647\r\n",
                        "*2147483647\r\n",
                        "*",
                        "$",
                        "\r\n",
                        "$-2\r\n",
                        ">99999999999\r\n")
                .run(5_000, bytes -> {
                    RespReader reader = new RespReader(NOBODY, UnpooledByteBufAllocator.DEFAULT);
                    int cut = bytes.length / 3;
                    read(reader, bytes, 0, cut);
                    read(reader, bytes, cut, bytes.length);
                    reader.end();
                });
    }

    private static void read(RespReader reader, byte[] bytes, int from, int to) {
        ByteBuf in = Unpooled.copiedBuffer(bytes, from, to - from);
        reader.read(in);
        in.release();
    }
}
