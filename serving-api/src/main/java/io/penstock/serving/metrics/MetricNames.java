package io.penstock.serving.metrics;

/** The names of all metrics and of their labels, as {@code /metrics} shows them but for Prometheus' suffixes. */
public final class MetricNames {
    public static final String REQUESTS = "penstock.requests";
    public static final String BATCH_KEYS = "penstock.batch.keys";
    public static final String BATCH_ROWS = "penstock.batch.rows";
    public static final String CACHE_HITS = "penstock.cache.hits";
    public static final String CACHE_MISSES = "penstock.cache.misses";
    public static final String CACHE_ROWS = "penstock.cache.rows";
    public static final String CACHE_BYTES = "penstock.cache.bytes";
    public static final String CACHE_BYTES_MAX = "penstock.cache.bytes.max";
    public static final String STORE_READS = "penstock.store.reads";
    public static final String STORE_READ_BYTES = "penstock.store.read.bytes";
    public static final String STORE_FAILURES = "penstock.store.failures";
    public static final String DEADLINE_OVERRUN = "penstock.deadline.overrun";
    public static final String STORE_UNSAFE = "penstock.store.unsafe";
    public static final String SECOND_LOOKS = "penstock.second.looks";
    public static final String LOSSES = "penstock.losses";
    public static final String VERSION = "penstock.dataset.version";
    public static final String REVISION = "penstock.dataset.revision";
    public static final String AGE = "penstock.dataset.age";
    public static final String FRESHNESS = "penstock.dataset.freshness.promise";
    public static final String READABLE = "penstock.dataset.readable";
    public static final String HELD_BACK = "penstock.dataset.held.back";
    public static final String ADOPTION_LAG = "penstock.adoption.lag";
    public static final String ADOPTION_FAILURES = "penstock.adoption.failures";
    public static final String CATALOG_FORKED = "penstock.catalog.forked";
    public static final String CATALOG_UNCONFIRMED = "penstock.catalog.unconfirmed";
    public static final String PENDING_READS = "penstock.pending.reads";
    public static final String PENDING_FETCHES = "penstock.pending.fetches";
    public static final String FETCH_LIMIT = "penstock.fetch.limit";
    public static final String IN_FLIGHT = "penstock.lookups.in.flight";
    public static final String REFUSALS = "penstock.refusals";
    public static final String CONNECTIONS = "penstock.connections";
    public static final String STREAMS = "penstock.streams";
    public static final String READY = "penstock.ready";

    public static final String LABEL_DATASET = "dataset";
    public static final String LABEL_NAMESPACE = "namespace";
    public static final String LABEL_METHOD = "method";
    public static final String LABEL_OUTCOME = "outcome";
    public static final String LABEL_REASON = "reason";
    public static final String LABEL_WHAT = "what";

    private MetricNames() {}
}
