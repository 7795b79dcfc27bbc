package io.penstock.serving.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.penstock.contract.Contract;
import io.penstock.contract.ContractException;
import io.penstock.serving.v1.Dataset;
import io.penstock.serving.view.CatalogStatus;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.ServingView;
import io.penstock.serving.view.ViewHolder;
import io.penstock.store.DatasetId;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** Shows the serving view as figures that are computed when somebody asks: version, revision, age, what is promised. */
public final class ViewMetrics {
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;

    private final MeterRegistry registry;
    private final ViewHolder views;
    private final ToDoubleFunction<DatasetId> failedAdoptions;
    private final Clock clock;
    private final Set<DatasetId> shown = ConcurrentHashMap.newKeySet();
    /** By generation; a version's contract does not change. Holds what is served, and little more. */
    private final Map<DatasetId, Promise> promises = new ConcurrentHashMap<>();

    /** @param failedAdoptions how many there have been of a dataset */
    public ViewMetrics(
            MeterRegistry registry, ViewHolder views, ToDoubleFunction<DatasetId> failedAdoptions, Clock clock) {
        this.registry = registry;
        this.views = views;
        this.failedAdoptions = failedAdoptions;
        this.clock = clock;
    }

    private record Promise(long generation, double seconds) {}

    /** Registers figures for every catalog, and for every dataset as it appears. */
    public void follow() {
        views.current().namespaces().forEach(namespace -> showCatalog(namespace.catalog()));
        views.listen(this::showDatasets);
        showDatasets(views.current());
    }

    /** A dataset moved to a version that was published {@code lag} before. */
    public void adopted(DatasetId dataset, Duration lag) {
        Timer.builder(MetricNames.ADOPTION_LAG)
                .description("Time from the manifest's publication to its adoption here; counts adoptions")
                .tag(MetricNames.LABEL_DATASET, dataset.toString())
                .register(registry)
                .record(lag);
    }

    private void showCatalog(CatalogStatus catalog) {
        Gauge.builder(
                        MetricNames.CATALOG_UNCONFIRMED,
                        catalog,
                        status -> (System.nanoTime() - status.confirmedAtNanos()) / NANOS_PER_SECOND)
                .description("Seconds since the catalog was last confirmed")
                .baseUnit("seconds")
                .tag(MetricNames.LABEL_NAMESPACE, catalog.namespace())
                .register(registry);
        Gauge.builder(
                        MetricNames.CATALOG_FORKED,
                        catalog,
                        status -> status.condition() == CatalogStatus.Condition.FORKED ? 1 : 0)
                .description("1 when the catalog's history contradicts what this server has served; restart it")
                .tag(MetricNames.LABEL_NAMESPACE, catalog.namespace())
                .register(registry);
    }

    private void showDatasets(ServingView view) {
        for (DatasetStatus dataset : view.datasets()) {
            if (shown.add(dataset.id())) {
                show(dataset.id());
            }
        }
    }

    private void show(DatasetId id) {
        served(id, MetricNames.VERSION, "The version served", "", DatasetView::number);
        served(id, MetricNames.REVISION, "The revision served", "", DatasetView::revision);
        served(id, MetricNames.AGE, "Now − data_as_of of the version served", "seconds", this::ageSeconds);
        served(id, MetricNames.FRESHNESS, "The age the contract promises", "seconds", this::promiseSeconds);
        gauge(
                id,
                MetricNames.READABLE,
                "1 when lookups of the dataset are answered",
                "",
                status -> isReadable(status) ? 1 : 0);
        gauge(
                id,
                MetricNames.HELD_BACK,
                "1 when the catalog's newest version is not what is served",
                "",
                status -> status.problem().isEmpty() ? 0 : 1);
        FunctionCounter.builder(MetricNames.ADOPTION_FAILURES, id, failedAdoptions)
                .description("Attempts to adopt the catalog's newest version that ended without it")
                .tag(MetricNames.LABEL_DATASET, id.toString())
                .register(registry);
    }

    private boolean isReadable(DatasetStatus status) {
        Dataset.State state = status.state(clock.millis(), System.nanoTime());
        return state == Dataset.State.STATE_SERVING || state == Dataset.State.STATE_HOLDING;
    }

    private void served(
            DatasetId id, String name, String description, String unit, ToDoubleFunction<DatasetView> value) {
        gauge(id, name, description, unit, status -> {
            DatasetView served = status.served();
            return served == null ? Double.NaN : value.applyAsDouble(served);
        });
    }

    private void gauge(
            DatasetId id, String name, String description, String unit, ToDoubleFunction<DatasetStatus> value) {
        Gauge.builder(name, views, holder -> {
                    DatasetStatus status = holder.current().find(id);
                    return status == null ? Double.NaN : value.applyAsDouble(status);
                })
                .description(description)
                .baseUnit(unit.isEmpty() ? null : unit)
                .tag(MetricNames.LABEL_DATASET, id.toString())
                .register(registry);
    }

    private double ageSeconds(DatasetView served) {
        return (clock.millis() - served.dataAsOfMillis()) / MILLIS_PER_SECOND;
    }

    private double promiseSeconds(DatasetView served) {
        Promise known = promises.get(served.id());
        if (known == null || known.generation() != served.generation()) {
            known = new Promise(served.generation(), readPromise(served));
            promises.put(served.id(), known);
        }
        return known.seconds();
    }

    private static double readPromise(DatasetView served) {
        try {
            return Contract.of(served.manifest().getContract())
                    .freshness()
                    .map(Duration::toMillis)
                    .map(millis -> millis / MILLIS_PER_SECOND)
                    .orElse(Double.NaN);
        } catch (ContractException e) {
            return Double.NaN;
        }
    }
}
