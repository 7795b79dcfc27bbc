package com.example.customers;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.customer360.Customer360;
import io.penstock.client.PenstockClient;
import io.penstock.testkit.PenstockExtension;
import io.penstock.testkit.PenstockKit;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The service against a real server in this JVM, with rows that a test decides on. */
class CustomerServiceTest {
    @RegisterExtension
    static final PenstockExtension PENSTOCK =
            PenstockExtension.builder().contract(Customer360.getDescriptor()).build();

    private final HttpClient http = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init") // set before every test
    private CustomerService service;

    @BeforeEach
    void start(PenstockKit kit, PenstockClient client) throws IOException {
        kit.publish(Customer360.newBuilder()
                .setCustomerId(13)
                .setName("Ada")
                .setMarketSegment("BUILDING")
                .setLifetimeSpendCents(1_250)
                .build());
        service = new CustomerService(client, 0);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private HttpResponse<String> get(String customer) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + service.port() + "/customers/" + customer);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void showsThreeFieldsOfACustomerAndNoOthers() throws Exception {
        HttpResponse<String> answer = get("13");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("{\"customerId\":\"13\",\"marketSegment\":\"BUILDING\",\"lifetimeSpendCents\":\"1250\"}\n");
        assertThat(answer.headers().firstValue("X-Data-As-Of")).isPresent();
    }

    @Test
    void saysOfAnUnknownCustomerThatThereIsNone() throws Exception {
        assertThat(get("14").statusCode()).isEqualTo(404);
        assertThat(get("Ada").statusCode()).isEqualTo(400);
    }

    @Test
    void takesNobodyForUnknownWhileCustomersCannotBeRead(PenstockKit kit) throws Exception {
        kit.faults().unavailable();
        HttpResponse<String> answer = get("13");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");

        kit.heal();
        assertThat(get("13").statusCode()).isEqualTo(200);
    }
}
