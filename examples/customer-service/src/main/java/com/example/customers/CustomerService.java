package com.example.customers;

import com.example.customer360.Customer360;
import com.example.customer360.Customer360Client;
import com.example.customer360.Customer360Client.Field;
import com.google.protobuf.util.JsonFormat;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.penstock.client.DatasetReader;
import io.penstock.client.Lookup;
import io.penstock.client.PenstockClient;
import io.penstock.client.PenstockException;
import io.penstock.client.UnavailableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** {@code GET /customers/13}: what is known of a customer, as JSON. */
public final class CustomerService implements AutoCloseable {
    private static final String PATH = "/customers/";
    private static final int THREADS = 8;

    private final Customer360Client customers;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final HttpServer http;

    /**
     * Serves until it is stopped.
     *
     * @param args the Penstock servers, and the port to listen at
     */
    public static void main(String[] args) throws IOException {
        PenstockClient penstock = PenstockClient.builder(args[0]).build();
        CustomerService service = new CustomerService(penstock, Integer.parseInt(args[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            service.close();
            penstock.close();
        }));
        System.out.println("listening at " + service.port());
    }

    /** Listens at a port of this machine, 0 for any. */
    public CustomerService(DatasetReader penstock, int port) throws IOException {
        // This service shows three fields, so it asks for three; the server leaves the rest out.
        customers = Customer360Client.of(penstock)
                .withFields(Field.CUSTOMER_ID, Field.MARKET_SEGMENT, Field.LIFETIME_SPEND_CENTS);
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        http.setExecutor(threads);
        http.createContext(PATH, this::answer);
        http.start();
    }

    public int port() {
        return http.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        Optional<Long> id = id(exchange.getRequestURI().getPath());
        if (id.isEmpty()) {
            send(exchange, 400, "{\"error\": \"a customer's number is expected\"}");
            return;
        }
        try {
            Lookup<Customer360> lookup = customers.get(id.get());
            exchange.getResponseHeaders().set("X-Data-As-Of", lookup.dataAsOf().toString());
            Optional<Customer360> customer = lookup.value();
            if (customer.isPresent()) {
                send(
                        exchange,
                        200,
                        JsonFormat.printer().omittingInsignificantWhitespace().print(customer.get()));
            } else {
                send(exchange, 404, "{\"error\": \"no such customer\"}");
            }
        } catch (UnavailableException e) {
            exchange.getResponseHeaders().set("Retry-After", "1");
            send(exchange, 503, "{\"error\": \"customers cannot be read at the moment\"}");
        } catch (PenstockException e) {
            send(exchange, 500, "{\"error\": \"" + e.code() + "\"}");
        }
    }

    private static Optional<Long> id(String path) {
        try {
            return Optional.of(Long.valueOf(path.substring(PATH.length())));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
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
