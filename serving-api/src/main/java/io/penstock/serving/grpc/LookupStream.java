package io.penstock.serving.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.penstock.serving.read.EncodedResponse;
import io.penstock.serving.read.Failure;
import io.penstock.serving.read.ReadCall;
import io.penstock.serving.read.ReadPath;
import io.penstock.serving.read.ResponseSink;
import org.jspecify.annotations.Nullable;

/**
 * One look-up: takes its request together, hands it to the read path and writes the answer. Confined to its connection's
 * loop; hot: step 1 and the last step of {@code docs/read-path.md}.
 */
final class LookupStream implements ResponseSink {
    private static final AsciiString TIMEOUT = AsciiString.cached("grpc-timeout");
    private static final AsciiString ENCODING = AsciiString.cached("grpc-encoding");

    private final LookupFrames connection;
    private final ChannelHandlerContext context;
    private final int streamId;
    private final Lookups.Method method;
    private final Lookups.OfLoop loop;

    private long deadlineNanos = ReadPath.NO_DEADLINE;
    private @Nullable CharSequence encoding;
    /** What has come of a request in several frames. */
    private @Nullable ByteBuf gathered;

    private ReadCall read = ReadCall.ANSWERED;
    private boolean waiting;
    private boolean answered;
    private int unwrittenBytes;

    LookupStream(
            LookupFrames connection,
            ChannelHandlerContext context,
            int streamId,
            Lookups.Method method,
            Lookups.OfLoop loop) {
        this.connection = connection;
        this.context = context;
        this.streamId = streamId;
        this.method = method;
        this.loop = loop;
    }

    ChannelHandlerContext context() {
        return context;
    }

    void headers(Http2Headers headers) {
        CharSequence timeout = headers.get(TIMEOUT);
        if (timeout != null) {
            long nanos = Timeouts.nanos(timeout);
            if (nanos < 0) {
                fail(Refusals.internal(
                        "grpc-timeout is malformed (expected: up to 8 digits and one of H, M, S, m, u, n)"));
                return;
            }
            deadlineNanos = Timeouts.deadlineNanos(nanos);
        }
        encoding = headers.get(ENCODING);
    }

    void data(ByteBuf data, boolean isEnd) {
        if (answered) {
            return;
        }
        if (isEnd && gathered == null) {
            start(data);
            return;
        }
        ByteBuf present = gathered;
        if (present == null) {
            present = context.alloc().buffer(data.readableBytes());
            gathered = present;
        }
        if (present.readableBytes() + data.readableBytes() > loop.message().framedBytesMax()) {
            fail(loop.message().tooLarge());
            return;
        }
        int more = data.readableBytes();
        present.writeBytes(data);
        if (!connection.gathers(more)) {
            fail(Refusals.tooLarge(
                    "too many large requests of this connection are not complete; send one after the other"));
            return;
        }
        if (isEnd) {
            end();
        }
    }

    /** The caller has nothing more to say. */
    void end() {
        if (answered) {
            return;
        }
        start(gathered == null ? Unpooled.EMPTY_BUFFER : gathered);
        release();
    }

    private void start(ByteBuf framed) {
        RequestMessage message = loop.message();
        Http2Headers refusal = message.read(framed, encoding);
        if (refusal != null) {
            fail(refusal);
            return;
        }
        if (isFull()) {
            return;
        }
        read = method.read(loop, message.bytes(), deadlineNanos, this);
        if (!answered) {
            waiting = true;
            loop.waiting(1);
        }
    }

    /** Refuses the call if too many answers wait to be read. */
    private boolean isFull() {
        if (connection.unwritten().isFull()) {
            failure(connection.unwritten().refusal());
            return true;
        }
        if (loop.unwritten().isFull()) {
            failure(loop.unwritten().refusal());
            return true;
        }
        return false;
    }

    @Override
    public void success(EncodedResponse response) {
        if (answered || isFull()) {
            return;
        }
        Reply reply;
        try {
            reply = Reply.of(response, connection, connection.stream(streamId), context, loop.target());
        } catch (OutOfMemoryError e) { // of buffers, which the JVM outlives
            fail(Refusals.tooLarge("the server has no memory for this answer; ask for less, or later"));
            return;
        }
        unwrittenBytes = response.length();
        connection.unwritten().add(unwrittenBytes);
        loop.unwritten().add(unwrittenBytes);
        answered();
        connection.answer(context, reply);
    }

    @Override
    public void failure(Failure failure) {
        if (!answered) {
            fail(Refusals.of(failure));
        }
    }

    private void fail(Http2Headers answer) {
        answered();
        release();
        connection.answer(context, new Refusal(connection, connection.stream(streamId), context, answer));
    }

    /** The stream is over: its answer was written, or its caller or its connection is gone. */
    void closed() {
        connection.unwritten().add(-unwrittenBytes);
        loop.unwritten().add(-unwrittenBytes);
        unwrittenBytes = 0;
        release();
        if (!answered) {
            answered();
            read.cancel();
        }
    }

    private void answered() {
        answered = true;
        if (waiting) {
            waiting = false;
            loop.waiting(-1);
        }
    }

    private void release() {
        if (gathered != null) {
            connection.gathers(-gathered.readableBytes());
            gathered.release();
            gathered = null;
        }
    }
}
