package io.penstock.serving.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.penstock.serving.ServingException;
import io.penstock.serving.config.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves a few pages over HTTP, each made when it is asked for, by the JDK's own server: it is small, needs nothing, and
 * shares no thread with the lookups.
 */
public final class HttpEndpoint implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int WAITING_MAX = 64;
    private static final int ACCEPT_BACKLOG = 64;

    private final HttpServer server;
    private final ExecutorService executor;

    private HttpEndpoint(HttpServer server, ExecutorService executor) {
        this.server = server;
        this.executor = executor;
    }

    /** What answers a page. Called on a thread of the endpoint; may block shortly. */
    @FunctionalInterface
    public interface Page {
        Answer get();
    }

    /**
     * A page as it is now.
     *
     * @param status an HTTP status
     */
    public record Answer(int status, String contentType, String body) {
        /** An answer in words. */
        public static Answer text(int status, String line) {
            return new Answer(status, "text/plain; charset=utf-8", line + "\n");
        }
    }

    /**
     * Starts to listen.
     *
     * @param pages by path, {@code /metrics}
     * @throws ServingException {@code ADDRESS_UNAVAILABLE}
     */
    public static HttpEndpoint start(HostPort address, Map<String, Page> pages) {
        HttpServer server;
        try {
            server = HttpServer.create(address.resolve(), ACCEPT_BACKLOG);
        } catch (UnknownHostException e) {
            throw unavailable("http: " + address + ": unknown host", e);
        } catch (IOException e) {
            throw unavailable(
                    "cannot listen on " + address + " (http): " + e.getMessage()
                            + "; end what listens there, or set another address, or none",
                    e);
        }
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                THREADS, THREADS, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING_MAX), task -> {
                    Thread thread = new Thread(task, "penstock-http-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        server.setExecutor(executor);
        server.createContext("/", exchange -> answer(exchange, pages));
        server.start();
        return new HttpEndpoint(server, executor);
    }

    private static ServingException unavailable(String message, IOException cause) {
        return new ServingException(ServingException.Code.ADDRESS_UNAVAILABLE, message, cause);
    }

    private static void answer(HttpExchange exchange, Map<String, Page> pages) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            Page page = pages.get(exchange.getRequestURI().getPath());
            boolean head = method.equals("HEAD");
            Answer answer;
            if (page == null) {
                answer = Answer.text(404, "no such page; there are " + String.join(", ", pages.keySet()));
            } else if (!head && !method.equals("GET")) {
                answer = Answer.text(405, "only GET and HEAD");
            } else {
                answer = page.get();
            }
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    /** Where it listens; with the port taken if it was 0. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
