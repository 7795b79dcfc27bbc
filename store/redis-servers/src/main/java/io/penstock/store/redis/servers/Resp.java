package io.penstock.store.redis.servers;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The least of the Redis protocol: one connection, commands one after the other. Strings stand for bytes one to one. */
final class Resp implements AutoCloseable {
    static final Charset BYTES = StandardCharsets.ISO_8859_1;

    private final Socket socket;
    private final InputStream in;

    Resp(int port, int timeoutMillis) throws IOException {
        this.socket = new Socket();
        try {
            socket.setSoTimeout(timeoutMillis);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), timeoutMillis);
            this.in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Sends a command and waits for its reply: the string or number as text, the elements of an array one a line, null for
     * nil.
     *
     * @throws RedisErrorException if the server answers with an error
     */
    @Nullable
    String call(List<String> command) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(("*" + command.size() + "\r\n").getBytes(BYTES));
        for (String argument : command) {
            byte[] bytes = argument.getBytes(BYTES);
            request.writeBytes(("$" + bytes.length + "\r\n").getBytes(BYTES));
            request.writeBytes(bytes);
            request.writeBytes("\r\n".getBytes(BYTES));
        }
        socket.getOutputStream().write(request.toByteArray());
        return readReply();
    }

    private @Nullable String readReply() throws IOException {
        String line = readLine();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+', ':' -> rest;
            case '-' -> throw new RedisErrorException(rest);
            case '$' -> readBulk(Integer.parseInt(rest));
            case '*' -> readArray(Integer.parseInt(rest));
            default -> throw new IOException("Redis reply: '" + line.charAt(0) + "' (expected: one of + : - $ *)");
        };
    }

    private @Nullable String readBulk(int bytes) throws IOException {
        if (bytes < 0) {
            return null;
        }
        byte[] bulk = in.readNBytes(bytes + 2);
        if (bulk.length < bytes + 2) {
            throw new EOFException("Redis closed the connection in mid-reply");
        }
        return new String(bulk, 0, bytes, BYTES);
    }

    private @Nullable String readArray(int elements) throws IOException {
        if (elements < 0) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < elements; i++) {
            String element = readReply();
            texts.add(element == null ? "" : element);
        }
        return String.join("\n", texts);
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("Redis closed the connection");
            }
            if (next == '\n') {
                return line.substring(0, line.length() - 1);
            }
            line.append((char) next);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
