package io.penstock.serving;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.penstock.serving.grpc.Descriptions;
import io.penstock.serving.http.HttpEndpoint.Answer;
import io.penstock.serving.http.HttpEndpoint.Page;
import io.penstock.serving.v1.ListDatasetsResponse;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.ViewHolder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The pages of the HTTP port. */
final class Pages {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private Pages() {}

    static Map<String, Page> of(
            PrometheusMeterRegistry registry, ViewHolder views, Descriptions descriptions, BooleanSupplier ready) {
        Map<String, Page> pages = new LinkedHashMap<>();
        pages.put("/metrics", () -> new Answer(200, PROMETHEUS, registry.scrape(PROMETHEUS)));
        pages.put("/healthz", () -> Answer.text(200, "alive"));
        pages.put("/readyz", () -> ready.getAsBoolean() ? Answer.text(200, "ready") : Answer.text(503, "not ready"));
        pages.put("/datasets", () -> new Answer(200, "application/json; charset=utf-8", json(views, descriptions)));
        return pages;
    }

    private static String json(ViewHolder views, Descriptions descriptions) {
        ListDatasetsResponse.Builder all = ListDatasetsResponse.newBuilder();
        for (DatasetStatus status : views.current().datasets()) {
            all.addDatasets(descriptions.describe(status));
        }
        try {
            return JsonFormat.printer().preservingProtoFieldNames().print(all) + "\n";
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
