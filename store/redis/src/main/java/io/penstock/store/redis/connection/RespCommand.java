package io.penstock.store.redis.connection;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;
import io.penstock.store.StoreException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A command that writes its own bytes and takes its own answer: the driver's command and its output in one object, so
 * that nothing stands between the connection's buffers and us. Confined to its link's loop once it is sent.
 */
public abstract class RespCommand extends CommandOutput<byte[], byte[], @Nullable Void>
        implements RedisCommand<byte[], byte[], @Nullable Void> {
    private @Nullable NodeLink link;
    private boolean ended;
    private int redirections;

    protected RespCommand() {
        super(ByteArrayCodec.INSTANCE, null);
    }

    /** The whole answer has come and is not an error. */
    protected abstract void answered();

    /** There is no answer, or it is an error. */
    protected abstract void failed(StoreException error);

    /** Forgets what has come of an answer: the command is sent once more. */
    protected abstract void restart();

    /** The key it is about; null if it is about a server. */
    protected abstract byte @Nullable [] key();

    /** Whether it is so long that it is better not copied into a buffer with others. */
    protected boolean isLong() {
        return false;
    }

    final void sentBy(NodeLink by) {
        link = by;
    }

    final boolean mayRedirect(int most) {
        return key() != null && redirections++ < most;
    }

    final void rearm() {
        ended = false;
        error = null;
        restart();
    }

    /** Ends it without an answer; does nothing if it has ended. */
    final void fail(StoreException reason) {
        if (!ended) {
            ended = true;
            failed(reason);
        }
    }

    /** Whether somebody has been told how it ended; what comes of its answer afterwards is for nobody. */
    protected final boolean hasEnded() {
        return ended;
    }

    /** Makes a command that has ended usable once more. */
    protected final void reuse() {
        rearm();
        redirections = 0;
    }

    /** Closes the connection: what comes over it cannot be told apart any more. */
    protected final void distrustConnection(String why) {
        if (link != null) {
            link.drop(why);
        }
    }

    // What the driver calls, on the link's loop.

    @Override
    public final void complete() {
        if (ended || link == null) {
            return;
        }
        ended = true;
        link.ended(this);
        String refusal = getError();
        if (refusal == null) {
            answered();
        } else if (!link.redirected(this, refusal)) {
            failed(RedisErrors.ofReply(refusal, link.node()));
        }
    }

    @Override
    public final boolean completeExceptionally(Throwable cause) {
        if (ended || link == null) {
            return false;
        }
        link.drop(String.valueOf(cause.getMessage()));
        return true;
    }

    @Override
    public final void cancel() {
        if (!ended && link != null) {
            link.drop("the driver cancelled a command");
        }
    }

    @Override
    public final boolean isDone() {
        return ended;
    }

    @Override
    public final boolean isCancelled() {
        return false;
    }

    @Override
    public final CommandOutput<byte[], byte[], @Nullable Void> getOutput() {
        return this;
    }

    @Override
    public final void setOutput(CommandOutput<byte[], byte[], @Nullable Void> output) {
        throw new IllegalStateException("a command is its own output");
    }

    @Override
    public final @Nullable CommandArgs<byte[], byte[]> getArgs() {
        return null;
    }

    /** Of no meaning here: the driver looks at it only for transactions. */
    @Override
    public final ProtocolKeyword getType() {
        return CommandType.GET;
    }

    /** Names no key. */
    @Override
    public final String toString() {
        return getClass().getSimpleName();
    }

    // RESP.

    protected static void writeArrayHeader(ByteBuf out, int elements) {
        out.writeByte('*');
        writeDecimal(out, elements);
    }

    protected static void writeBulk(ByteBuf out, byte[] bytes) {
        out.writeByte('$');
        writeDecimal(out, bytes.length);
        out.writeBytes(bytes);
        out.writeShort(CRLF);
    }

    private static void writeDecimal(ByteBuf out, int number) {
        if (number < 10) {
            out.writeByte('0' + number);
        } else if (number < 100) {
            out.writeByte('0' + number / 10);
            out.writeByte('0' + number % 10);
        } else {
            out.writeCharSequence(Integer.toString(number), StandardCharsets.US_ASCII);
        }
        out.writeShort(CRLF);
    }

    private static final int CRLF = '\r' << 8 | '\n';
}
