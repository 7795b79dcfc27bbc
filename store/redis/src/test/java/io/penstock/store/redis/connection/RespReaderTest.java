package io.penstock.store.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RespReaderTest {
    private final Heard heard = new Heard();
    private final RespReader reader = new RespReader(heard, UnpooledByteBufAllocator.DEFAULT);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "+OK~|'OK'",
                "$5~hello~|'hello'",
                "$0~~|''",
                "$4~a~b~|'a~b'",
                "$-1~|null",
                "_~|null",
                "*-1~|null",
                ":42~|42",
                ":-7~|-7",
                "#t~|1",
                "#f~|0",
                ",1.5~|'1.5'",
                "(12345678901234567890~|'12345678901234567890'",
                "=7~txt:abc~|'txt:abc'",
                "-ERR no~|error ERR no",
                "!6~ERR no~|error ERR no",
                "*0~|list 0",
                "*2~$1~a~$-1~|list 2, 'a', null",
                "~2~:1~:2~|list 2, 1, 2",
                "%1~+k~:1~|list 2, 'k', 1",
                "*2~*2~:1~:2~*1~-NO~|list 2, list 2, 1, 2, list 1, error NO",
                "*2~*0~:1~|list 2, list 0, 1",
            })
    void readsAnAnswerWhereverItsBytesWereCut(String answer, String pieces) {
        byte[] bytes = resp(answer.startsWith("~") ? "\u0000" + answer.substring(1) : answer);
        if (answer.startsWith("~")) {
            bytes[0] = '~'; // a set, not the end of a line
        }
        for (int cut = 0; cut <= bytes.length; cut++) {
            heard.pieces.clear();
            read(bytes, 0, cut);
            read(bytes, cut, bytes.length);
            assertThat(heard.pieces).as("cut at " + cut).containsExactly((pieces + ", complete").split(", "));
        }
    }

    @Test
    void readsAnswersThatComeByteByByte() {
        byte[] bytes = resp("*3~$5~hello~$-1~$3~abc~:1~$2~ab~");

        for (int i = 0; i < bytes.length; i++) {
            read(bytes, i, i + 1);
        }

        assertThat(heard.pieces)
                .containsExactly("list 3", "'hello'", "null", "'abc'", "complete", "1", "complete", "'ab'", "complete");
    }

    @Test
    void readsSeveralAnswersOutOfOneBuffer() {
        byte[] bytes = resp("+a~+b~$1~c~+d");

        read(bytes, 0, bytes.length);

        assertThat(heard.pieces).containsExactly("'a'", "complete", "'b'", "complete", "'c'", "complete");
    }

    @Test
    void readsOverWhatIsPushed() {
        byte[] bytes = resp(">3~$7~message~*2~:1~-E~!1~x~+OK~");

        read(bytes, 0, bytes.length);

        assertThat(heard.pieces).containsExactly("'OK'", "complete");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?1~",
                "$x~",
                "$-2~",
                "*-2~",
                "%3000000000~",
                "$600000000~",
                "$18446744073709551617~",
                ":~",
                ":-~",
                ":a~",
                "\n",
                "x"
            })
    void refusesWhatIsNoAnswer(String answer) {
        String text = answer.equals("x") ? "+".repeat(65 * 1024) : answer;

        byte[] bytes = resp(text);
        read(bytes, 0, bytes.length);
        read(resp("+OK~"), 0, 5);

        assertThat(heard.pieces).hasSize(1).first().asString().startsWith("malformed");
    }

    @Test
    void readsNothingAfterItsEnd() {
        heard.endsAfterNext = true;
        byte[] bytes = resp("*2~$1~a~$1~b~+OK~");

        read(bytes, 0, 7);
        read(bytes, 7, bytes.length);

        assertThat(heard.pieces).containsExactly("list 2");
    }

    private void read(byte[] bytes, int from, int to) {
        ByteBuf in = Unpooled.copiedBuffer(bytes, from, to - from);
        reader.read(in);
        in.release();
    }

    private static byte[] resp(String text) {
        return text.replace("~", "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private final class Heard implements RespReader.Answers {
        private final List<String> pieces = new ArrayList<>();
        private boolean endsAfterNext;

        private void add(String piece) {
            pieces.add(piece);
            if (endsAfterNext) {
                reader.end();
            }
        }

        @Override
        public void string(@Nullable ByteBuffer bytes) {
            add(
                    bytes == null
                            ? "null"
                            : "'"
                                    + StandardCharsets.US_ASCII
                                            .decode(bytes)
                                            .toString()
                                            .replace("\r\n", "~") + "'");
        }

        @Override
        public void number(long number) {
            add(Long.toString(number));
        }

        @Override
        public void list(int elements) {
            add("list " + elements);
        }

        @Override
        public void error(String message) {
            add("error " + message);
        }

        @Override
        public void complete() {
            add("complete");
        }

        @Override
        public void malformed(String why) {
            add("malformed: " + why);
        }
    }
}
