package io.penstock.store.testkit.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.store.testkit.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FaultProxyBehaviourTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong served = new AtomicLong();
    private ServerSocket server;
    private Future<?> accepting;
    private FaultProxy proxy;

    /** An echo server that counts the bytes it has read. */
    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ServerSocket listening = server;
        accepting = threads.submit(() -> {
            try {
                while (true) {
                    Socket accepted = listening.accept();
                    threads.execute(() -> echo(accepted));
                }
            } catch (IOException e) {
                // closed at the end of the test
            }
        });
        proxy = FaultProxy.to("127.0.0.1", server.getLocalPort());
    }

    private void echo(Socket accepted) {
        try (accepted;
                InputStream in = accepted.getInputStream();
                OutputStream out = accepted.getOutputStream()) {
            byte[] bytes = new byte[10_000];
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                served.addAndGet(read);
                out.write(bytes, 0, read);
            }
        } catch (IOException e) {
            // reset by the proxy
        }
    }

    @AfterEach
    void end() throws Exception {
        proxy.close();
        server.close();
        threads.shutdownNow();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void passesEverythingBothWays() throws Exception {
        try (Socket socket = connect()) {
            byte[] bytes = new byte[5_000_000];
            new Random(1).nextBytes(bytes);
            OutputStream out = socket.getOutputStream();
            threads.execute(() -> {
                try {
                    out.write(bytes);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(socket.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
            assertThat(proxy.connections()).isEqualTo(1);
        }
        Await.until("the connection is gone", () -> proxy.connections() == 0);
    }

    @Test
    void slicesWithoutLosingOrder() throws Exception {
        proxy.slice(1);
        try (Socket socket = connect()) {
            assertThat(exchange(socket, "abcdefghijklmnopqrstuvwxyz")).isEqualTo("abcdefghijklmnopqrstuvwxyz");
        }
    }

    @Test
    void delaysEachDirection() throws Exception {
        try (Socket socket = connect()) {
            exchange(socket, "a");
            proxy.delay(Duration.ofMillis(50), Duration.ofMillis(10));
            long start = System.nanoTime();
            assertThat(exchange(socket, "b")).isEqualTo("b");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(80));
        }
    }

    @Test
    void throttles() throws Exception {
        proxy.throttle(10_000);
        try (Socket socket = connect()) {
            long start = System.nanoTime();
            assertThat(exchange(socket, "x".repeat(1_000))).hasSize(1_000);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        }
    }

    @Test
    void resetsInMidReplyOnce() throws Exception {
        try (Socket socket = connect();
                Socket other = connect()) {
            exchange(other, "a");
            proxy.resetAfter(3);
            socket.getOutputStream().write("abcdef".getBytes(StandardCharsets.UTF_8));
            assertThat(socket.getInputStream().readNBytes(3)).isEqualTo("abc".getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThat(exchange(other, "abcdef")).isEqualTo("abcdef");
        }
    }

    @Test
    void blackHoleHoldsEverythingBack() throws Exception {
        try (Socket socket = connect()) {
            exchange(socket, "a");
            proxy.blackHole();
            assertSilent(socket, "b");
            assertThat(served).hasValue(1);
            try (Socket late = connect()) {
                assertSilent(late, "c");
                proxy.heal();
                assertThat(read(socket, 1)).isEqualTo("b");
                assertThat(read(late, 1)).isEqualTo("c");
            }
        }
    }

    @Test
    void droppedRepliesAreNeverSeen() throws Exception {
        try (Socket socket = connect()) {
            exchange(socket, "a");
            proxy.dropReplies();
            assertSilent(socket, "b");
            Await.until("the server has read it", () -> served.get() == 2);
            proxy.heal();
            socket.setSoTimeout(10_000);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        try (Socket socket = connect()) {
            assertThat(exchange(socket, "c")).isEqualTo("c");
        }
    }

    @Test
    void cutRefusesUntilItIsHealed() throws Exception {
        try (Socket socket = connect()) {
            exchange(socket, "a");
            proxy.cut();
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        }
        proxy.heal();
        try (Socket socket = connect()) {
            assertThat(exchange(socket, "b")).isEqualTo("b");
        }
        assertThat(proxy.accepted()).isEqualTo(2);
    }

    @Test
    void movesToAnotherServer() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Socket socket = connect()) {
            exchange(socket, "a");
            proxy.moveTo("127.0.0.1", other.getLocalPort());
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
            try (Socket moved = connect();
                    Socket accepted = other.accept()) {
                moved.getOutputStream().write(1);
                assertThat(accepted.getInputStream().read()).isEqualTo(1);
            }
        }
    }

    @Test
    void endsConnectionsOfAServerThatIsDown() throws Exception {
        server.close();
        accepting.get(10, TimeUnit.SECONDS); // until then one more connection may be accepted
        try (Socket socket = connect()) {
            assertThatThrownBy(() -> {
                        int read = socket.getInputStream().read();
                        throw new IOException("read " + read);
                    })
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
        }
        Await.until("the connection is gone", () -> proxy.connections() == 0);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000); // an interrupt would not end a read
        return socket;
    }

    private static String exchange(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return read(socket, text.length());
    }

    private static String read(Socket socket, int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.UTF_8);
    }

    private static void assertSilent(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.setSoTimeout(100);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
    }
}
