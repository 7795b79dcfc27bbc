package com.example.mobile;

import com.example.loyalty.Loyalty;
import com.example.recommendations.Recommendations;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.penstock.client.DatasetReader;
import io.penstock.client.PenstockClient;
import io.penstock.client.PenstockException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** {@code GET /home/13}: a customer's first screen, as JSON. */
public final class HomeService implements AutoCloseable {
    private static final String PATH = "/home/";
    private static final int THREADS = 8;

    private final HomeReader homes;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final HttpServer http;

    /**
     * Serves until it is stopped.
     *
     * @param args the Penstock servers, and the port to listen at
     */
    public static void main(String[] args) throws IOException {
        PenstockClient penstock = PenstockClient.builder(args[0]).build();
        HomeService service = new HomeService(penstock, Integer.parseInt(args[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            service.close();
            penstock.close();
        }));
        System.out.println("listening at " + service.port());
    }

    /** Listens at a port of this machine, 0 for any. */
    public HomeService(DatasetReader penstock, int port) throws IOException {
        homes = new HomeReader(penstock);
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        http.setExecutor(threads);
        http.createContext(PATH, this::answer);
        http.start();
    }

    public int port() {
        return http.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try {
            String id = exchange.getRequestURI().getPath().substring(PATH.length());
            Optional<Home> home = homes.read(Long.parseLong(id));
            send(
                    exchange,
                    home.isPresent() ? 200 : 404,
                    home.map(HomeService::json).orElse("{}"));
        } catch (NumberFormatException e) {
            send(exchange, 400, "{}");
        } catch (PenstockException e) {
            send(exchange, 503, "{}");
        }
    }

    private static String json(Home home) {
        String points =
                home.loyalty().map(Loyalty::getPoints).map(String::valueOf).orElse("null");
        String parts = home.recommendations()
                .map(Recommendations::getPartIdsList)
                .map(String::valueOf)
                .orElse("null");
        return "{\"segment\": \"" + home.customer().getMarketSegment() + "\", \"orders\": "
                + home.customer().getOrders() + ", \"points\": " + points + ", \"recommended\": " + parts + "}";
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = (json + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdown();
    }
}
