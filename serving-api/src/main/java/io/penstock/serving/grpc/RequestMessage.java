package io.penstock.serving.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The one message of a request, out of its gRPC frame: a byte that says whether it is compressed, four of its length, and
 * the message. Small ones are copied into an array that serves the next request, too. Confined to one loop; hot.
 */
final class RequestMessage {
    private static final int HEAD_BYTES = 1 + Integer.BYTES;
    private static final int SCRATCH_BYTES = 16 << 10;
    private static final AsciiString IDENTITY = AsciiString.cached("identity");
    private static final AsciiString GZIP = AsciiString.cached("gzip");

    private final int bytesMax;
    private final byte[] scratch = new byte[SCRATCH_BYTES];
    private final ByteBuffer scratchBuffer = ByteBuffer.wrap(scratch);
    private ByteBuffer bytes = scratchBuffer;

    /** @param bytesMax a message's, when it is not compressed any more */
    RequestMessage(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** What a request may have sent before it is refused unread. */
    int framedBytesMax() {
        return HEAD_BYTES + bytesMax;
    }

    Http2Headers tooLarge() {
        return Refusals.tooLarge("the request is larger than " + bytesMax
                + " bytes, which is more than is read to say what is wrong with it; ask for less at a time");
    }

    /**
     * Takes a request's message.
     *
     * @param framed all that was sent; its reader index does not move
     * @return what to answer if it has no message, else null: {@link #bytes} are there
     */
    @Nullable
    Http2Headers read(ByteBuf framed, @Nullable CharSequence encoding) {
        int framedBytes = framed.readableBytes();
        if (framedBytes == 0) {
            return Refusals.internal("no request message");
        }
        int from = framed.readerIndex();
        long length = framedBytes < HEAD_BYTES ? Long.MAX_VALUE : framed.getUnsignedInt(from + 1);
        int there = framedBytes - HEAD_BYTES;
        if (length > there) {
            return Refusals.internal("the request ended inside its message");
        }
        if (length < there) {
            return Refusals.internal("more than one request message");
        }
        return switch (framed.getByte(from)) {
            case 0 -> plain(framed, from + HEAD_BYTES, there);
            case 1 -> compressed(framed.slice(from + HEAD_BYTES, there), encoding);
            default -> Refusals.internal("the request's first byte says neither 0 nor 1, compressed or not");
        };
    }

    private @Nullable Http2Headers plain(ByteBuf framed, int from, int length) {
        if (length > bytesMax) {
            return tooLarge();
        }
        if (length > SCRATCH_BYTES) {
            byte[] own = new byte[length];
            framed.getBytes(from, own);
            bytes = ByteBuffer.wrap(own);
            return null;
        }
        framed.getBytes(from, scratch, 0, length);
        bytes = scratchBuffer.limit(length).position(0);
        return null;
    }

    private @Nullable Http2Headers compressed(ByteBuf message, @Nullable CharSequence encoding) {
        if (encoding == null || IDENTITY.contentEquals(encoding)) {
            return Refusals.internal("the request says it is compressed, but not how (grpc-encoding)");
        }
        if (!GZIP.contentEquals(encoding)) {
            return Refusals.unknownEncoding(encoding);
        }
        try (InputStream plain = new GZIPInputStream(new ByteBufInputStream(message))) {
            byte[] all = plain.readNBytes(bytesMax + 1);
            if (all.length > bytesMax) {
                return tooLarge();
            }
            bytes = ByteBuffer.wrap(all);
            return null;
        } catch (EOFException e) {
            return Refusals.internal("the request cannot be decompressed (gzip): it ends too early");
        } catch (StackOverflowError e) {
            return Refusals.internal("the request cannot be decompressed (gzip): it has too many members");
        } catch (IOException e) {
            return Refusals.internal("the request cannot be decompressed (gzip): " + e.getMessage());
        }
    }

    /** The message between position and limit, until the next is read. */
    ByteBuffer bytes() {
        return bytes;
    }
}
