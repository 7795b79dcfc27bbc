package io.penstock.store.redis.connection;

import io.netty.buffer.ByteBuf;
import io.penstock.store.StoreException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A command that writes its own bytes and takes its own answer. Confined to its link's loop once it is sent. */
public abstract class RespCommand {
    private @Nullable NodeLink link;
    private @Nullable String error;
    private boolean ended;
    private int redirections;

    /** Writes the command. */
    protected abstract void encode(ByteBuf out);

    /** A string of the answer, or null. Valid during the call. */
    protected abstract void string(@Nullable ByteBuffer bytes);

    /** A number of the answer, or a truth value: 1 or 0. */
    protected abstract void number(long number);

    /** A list of the answer: so many elements follow, of pairs both. */
    protected abstract void list(int elements);

    /** An error, which takes an element's place in the answer. The first one is what the command fails with. */
    protected void error(String message) {
        if (error == null) {
            error = message;
        }
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

    /** The answer is there. */
    final void complete() {
        if (ended || link == null) {
            return;
        }
        ended = true;
        String refusal = error;
        if (refusal == null) {
            answered();
        } else if (!link.redirected(this, refusal)) {
            failed(RedisErrors.ofReply(refusal, link.node()));
        }
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
