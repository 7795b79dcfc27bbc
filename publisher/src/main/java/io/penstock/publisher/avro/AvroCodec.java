package io.penstock.publisher.avro;

import com.github.luben.zstd.ZstdInputStream;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.SourceException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.xerial.snappy.Snappy;

/** How the blocks of a file are compressed. Each gives back at most as many bytes as is allowed. */
enum AvroCodec {
    NULL {
        @Override
        byte[] decode(byte[] block, int bytesMax) {
            return block;
        }
    },
    DEFLATE {
        @Override
        byte[] decode(byte[] block, int bytesMax) throws IOException {
            Inflater inflater = new Inflater(true);
            try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(block), inflater)) {
                return readAll(in, bytesMax);
            } finally {
                inflater.end();
            }
        }
    },
    /** Followed by four bytes, big-endian: CRC32 of what was compressed. */
    SNAPPY {
        @Override
        byte[] decode(byte[] block, int bytesMax) throws IOException {
            int compressed = block.length - Integer.BYTES;
            if (compressed < 0 || Snappy.uncompressedLength(block, 0, compressed) > bytesMax) {
                throw tooLarge(bytesMax);
            }
            byte[] bytes = new byte[Snappy.uncompressedLength(block, 0, compressed)];
            Snappy.uncompress(block, 0, compressed, bytes, 0);
            CRC32 checksum = new CRC32();
            checksum.update(bytes);
            if ((int) checksum.getValue() != ByteBuffer.wrap(block).getInt(compressed)) {
                throw new IOException("its checksum is wrong");
            }
            return bytes;
        }
    },
    ZSTANDARD {
        @Override
        byte[] decode(byte[] block, int bytesMax) throws IOException {
            try (InputStream in = new ZstdInputStream(new ByteArrayInputStream(block))) {
                return readAll(in, bytesMax);
            }
        }
    };

    /** The codec of a name in a file's header. */
    static AvroCodec of(String name, Path file) {
        return switch (name) {
            case "null" -> NULL;
            case "deflate" -> DEFLATE;
            case "snappy" -> SNAPPY;
            case "zstandard" -> ZSTANDARD;
            default ->
                throw new SourceException(
                        Category.REFUSED,
                        "AVRO_FILE",
                        file.getFileName() + ": its codec is none that can be read"
                                + " (expected: null, deflate, snappy or zstandard)");
        };
    }

    /** The block as it was before. */
    abstract byte[] decode(byte[] block, int bytesMax) throws IOException;

    private static byte[] readAll(InputStream in, int bytesMax) throws IOException {
        byte[] bytes = in.readNBytes(bytesMax);
        if (in.read() >= 0) {
            throw tooLarge(bytesMax);
        }
        return bytes;
    }

    private static IOException tooLarge(int bytesMax) {
        return new IOException("it is not what its codec makes, or has more than " + bytesMax + " bytes");
    }
}
