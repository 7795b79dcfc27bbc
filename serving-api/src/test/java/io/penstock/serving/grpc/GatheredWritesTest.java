package io.penstock.serving.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatheredWritesTest {
    private final Held socket = new Held();
    private final EmbeddedChannel channel = new EmbeddedChannel(socket, new GatheredWrites());

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void writesTheSmallBuffersOfAFlushAsOne() {
        write("a");
        write("bc");
        write("d");
        assertThat(written()).isEmpty();

        channel.flush();

        assertThat(written()).containsExactly("abcd");
    }

    @Test
    void keepsTheOrderAroundALongBuffer() {
        String big = "x".repeat(GatheredWrites.COPIED_BYTES_MAX + 1);

        write("a");
        write(big);
        write("b");
        channel.flush();

        assertThat(written()).containsExactly("a", big, "b");
    }

    @Test
    void losesNothingOfMoreThanABufferTakes() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            String part = String.valueOf((char) ('a' + i % 26)).repeat(GatheredWrites.COPIED_BYTES_MAX - i);
            all.append(part);
            write(part);
        }
        channel.flush();

        List<String> written = written();
        assertThat(written).hasSizeBetween(2, 8);
        assertThat(String.join("", written)).isEqualTo(all.toString());
    }

    /** Flushes wait in memory while a caller does not read, and are counted by what is in them. */
    @Test
    void takesLittleMoreMemoryThanAFlushHasBytes() {
        for (int i = 0; i < 2; i++) {
            write("x".repeat(1_200));
            channel.flush();
        }
        ByteBuf first = channel.readOutbound();
        ByteBuf second = channel.readOutbound();
        assertThat(second.capacity()).isBetween(1_200, 2_048);
        first.release();
        second.release();
    }

    @Test
    void keepsAPromiseOnlyWhenItsBytesAreWritten() {
        socket.holds = true;
        ChannelFuture first = writing("a");
        ChannelFuture second = writing("b");
        channel.flush();
        assertThat(first.isDone()).isFalse();

        socket.promises.remove(0).trySuccess();

        assertThat(first.isSuccess()).isTrue();
        assertThat(second.isSuccess()).isTrue();
    }

    @Test
    void tellsWhyBytesWereNotWritten() {
        socket.holds = true;
        ChannelFuture write = writing("a");
        channel.flush();

        socket.promises.remove(0).tryFailure(new IllegalStateException("broken"));

        assertThat(write.cause()).hasMessage("broken");
    }

    @Test
    void failsWhatAClosedConnectionHasNotTaken() {
        ChannelFuture write = writing("a");

        channel.pipeline().remove(GatheredWrites.class);

        assertThat(write.isDone()).isTrue();
        assertThat(write.isSuccess()).isFalse();
    }

    private void write(String text) {
        ChannelFuture unused = writing(text);
    }

    private ChannelFuture writing(String text) {
        return channel.write(bytes(text));
    }

    private List<String> written() {
        List<String> written = new ArrayList<>();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            written.add(next.toString(StandardCharsets.US_ASCII));
            next.release();
        }
        return written;
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    /** Stands for the socket. */
    private static final class Held extends ChannelOutboundHandlerAdapter {
        private final List<ChannelPromise> promises = new ArrayList<>();
        private boolean holds;

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (holds) {
                ((ByteBuf) message).release();
                promises.add(promise);
            } else {
                ChannelFuture unused = context.write(message, promise);
            }
        }
    }
}
