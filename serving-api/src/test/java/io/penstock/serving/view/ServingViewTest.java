package io.penstock.serving.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.serving.v1.Reason;
import io.penstock.store.DatasetId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ServingViewTest {
    private final CatalogStatus first = new CatalogStatus("default", Duration.ofHours(1), 0);
    private final CatalogStatus second = new CatalogStatus("growth", Duration.ofHours(1), 0);
    private final ServingView view = ServingView.of(
            List.of(namespace(first, "items.v1", "prices.v1"), namespace(second, "items.v1", "leads.v2")));

    @Test
    void findsDatasetsOfTheFirstNamespaceWithAndWithoutIt() {
        assertThat(found("items.v1")).isEqualTo("default/items.v1");
        assertThat(found("default/items.v1")).isEqualTo("default/items.v1");
        assertThat(found("growth/items.v1")).isEqualTo("growth/items.v1");
        assertThat(found("growth/leads.v2")).isEqualTo("growth/leads.v2");
        assertThat(found("leads.v2")).isEqualTo("nothing");
        assertThat(found("")).isEqualTo("nothing");
    }

    @Test
    void findsNamesInsideARequestWithoutMovingIt() {
        ByteBuffer request = ByteBuffer.wrap("..growth/leads.v2..".getBytes(StandardCharsets.US_ASCII));
        DatasetStatus status = view.find(request, 2, "growth/leads.v2".length());
        assertThat(status).isNotNull().extracting(DatasetStatus::id).hasToString("growth/leads.v2");
        assertThat(request.position()).isZero();
    }

    @Test
    void findsEachOfManyNames() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            names.add("d" + i + ".v1");
        }
        ServingView many = ServingView.of(List.of(namespace(first, names.toArray(String[]::new))));
        assertThat(names).allSatisfy(name -> assertThat(many.find(name)).isNotNull());
        assertThat(many.find("d500.v1")).isNull();
    }

    @Test
    void listsDatasetsInTheOrderOfTheirFullNames() {
        assertThat(view.datasets())
                .extracting(status -> status.id().toString())
                .containsExactly("default/items.v1", "default/prices.v1", "growth/items.v1", "growth/leads.v2");
    }

    @Test
    void replacesOneNamespaceAndKeepsTheOthers() {
        ServingView next = view.with(namespace(second, "other.v1"));
        assertThat(next.find("growth/other.v1")).isNotNull();
        assertThat(next.find("growth/leads.v2")).isNull();
        assertThat(next.find("items.v1")).isSameAs(view.find("items.v1"));
    }

    @Test
    void neverCallsADatasetUnknownBeforeTheCatalogWasRead() {
        ServingView unread = ServingView.of(List.of(NamespaceView.unknown(first)));
        assertThat(unread.whyMissing("items.v1")).isEqualTo(Reason.REASON_STORE_UNREACHABLE);
        first.confirm(1); // a request may hold the view of before
        assertThat(unread.whyMissing("items.v1")).isEqualTo(Reason.REASON_STORE_UNREACHABLE);
        assertThat(view.whyMissing("other.v1")).isEqualTo(Reason.REASON_UNKNOWN_DATASET);
    }

    @Test
    void confirmationsEndWithTheirTimeOnAClockThatMayWrapAround() {
        CatalogStatus status = new CatalogStatus("default", Duration.ofNanos(100), Long.MAX_VALUE);
        assertThat(status.isConfirmed(Long.MIN_VALUE + 99)).isTrue();
        assertThat(status.isConfirmed(Long.MIN_VALUE + 100)).isFalse();
    }

    private String found(String name) {
        DatasetStatus status = view.find(name);
        return status == null ? "nothing" : status.id().toString();
    }

    private static NamespaceView namespace(CatalogStatus catalog, String... names) {
        SortedMap<String, DatasetStatus> datasets = new TreeMap<>();
        for (String name : names) {
            DatasetId id = new DatasetId(catalog.namespace(), name);
            datasets.put(name, new DatasetStatus(id, catalog, null, List.of(), VersionIndex.EMPTY, ""));
        }
        return new NamespaceView(catalog, true, datasets);
    }
}
