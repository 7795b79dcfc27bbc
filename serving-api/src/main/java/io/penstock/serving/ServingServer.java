package io.penstock.serving;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.penstock.serving.adoption.ServingViews;
import io.penstock.serving.adoption.ViewConfig;
import io.penstock.serving.config.HostPort;
import io.penstock.serving.config.ServingConfig;
import io.penstock.serving.grpc.Descriptions;
import io.penstock.serving.grpc.EventLoops;
import io.penstock.serving.grpc.GrpcEndpoint;
import io.penstock.serving.grpc.Lookups;
import io.penstock.serving.grpc.Warmup;
import io.penstock.serving.http.HttpEndpoint;
import io.penstock.serving.metrics.ServerMetrics;
import io.penstock.serving.metrics.ServingMetrics;
import io.penstock.serving.metrics.ViewMetrics;
import io.penstock.serving.metrics.WarmupMetrics;
import io.penstock.serving.read.ReadLimits;
import io.penstock.serving.read.ReadPaths;
import io.penstock.serving.read.ReadSources;
import io.penstock.serving.read.cache.NearCache;
import io.penstock.serving.view.ServingView;
import io.penstock.serving.view.ViewHolder;
import io.penstock.store.Store;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server. It listens at once and says NOT_SERVING until its views are loaded and its own lookups have warmed
 * it; {@link #close} says NOT_SERVING first and then drains.
 *
 * <p>Thread-safe. Only {@link #start}, {@link #awaitReady} and {@link #close} block.
 */
public final class ServingServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServingServer.class);
    private static final int ADMIN_THREADS = 2;
    private static final Duration REVIEW_INTERVAL = Duration.ofMillis(500);
    private static final Duration LOSS_LOG_INTERVAL = Duration.ofSeconds(10);

    /** What is asked of a thread that has ended came too late to matter. */
    private static final RejectedExecutionHandler WHEN_ENDED = new ThreadPoolExecutor.DiscardPolicy();

    private final ServingConfig config;
    private final ViewHolder views;
    private final GrpcEndpoint grpc;
    private final int httpPort;
    private final Warmup warmup;
    private final WarmupMetrics readMetrics;
    private final ScheduledExecutorService scheduler;
    /** What was started, newest first: the order it is ended in. */
    private final Deque<AutoCloseable> started;

    private final CountDownLatch ready = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Moves forward only; written by the scheduler's thread, the warm-up's, and who closes. */
    private final AtomicReference<Phase> phase;

    private enum Phase {
        LOADING,
        WARMING,
        RUNNING,
        DRAINING
    }

    private ServingServer(
            ServingConfig config,
            ViewHolder views,
            GrpcEndpoint grpc,
            int httpPort,
            Warmup warmup,
            WarmupMetrics readMetrics,
            ScheduledExecutorService scheduler,
            Deque<AutoCloseable> started,
            AtomicReference<Phase> phase) {
        this.config = config;
        this.views = views;
        this.grpc = grpc;
        this.httpPort = httpPort;
        this.warmup = warmup;
        this.readMetrics = readMetrics;
        this.scheduler = scheduler;
        this.started = started;
        this.phase = phase;
    }

    /**
     * Starts a server; returns once it listens.
     *
     * @param store stays open for as long as the server runs; the caller closes it afterwards
     * @throws ServingException if the configuration cannot be used here; nothing is left running
     */
    public static ServingServer start(ServingConfig config, Store store) {
        Deque<AutoCloseable> started = new ArrayDeque<>();
        try {
            ServingServer server = start(config, store, started);
            server.follow();
            return server;
        } catch (RuntimeException e) {
            closeAll(started);
            throw e;
        }
    }

    private static ServingServer start(ServingConfig config, Store store, Deque<AutoCloseable> started) {
        Clock clock = Clock.systemUTC();
        LossLog losses = new LossLog();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        started.push(registry::close);
        EventLoops loops = EventLoops.start(config.eventLoops());
        started.push(loops);
        ScheduledExecutorService scheduler =
                new ScheduledThreadPoolExecutor(1, threads("penstock-serving"), WHEN_ENDED);
        started.push(scheduler::shutdownNow);
        ExecutorService admin = new ThreadPoolExecutor(
                ADMIN_THREADS,
                ADMIN_THREADS,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), // one task a call; limits.admin_calls and limits.watches bound those with
                // tasks
                threads("penstock-admin"),
                WHEN_ENDED);
        started.push(admin::shutdownNow);

        LateHotRows hotRows = new LateHotRows();
        ServingViews following =
                ServingViews.start(viewConfig(config), store, config.listen().toString(), hotRows);
        started.push(following);
        ViewHolder views = following.holder();
        NearCache cache = new NearCache(config.cache().maxBytes());
        PrometheusMeterRegistry apart = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        WarmupMetrics readMetrics =
                new WarmupMetrics(new ServingMetrics(registry, losses::lost), new ServingMetrics(apart, losses::lost));
        ReadPaths paths = new ReadPaths(
                store, new ReadSources(views, following, following, following), readLimits(config), cache, readMetrics);
        hotRows.set(paths.hotRows());
        Lookups lookups = Lookups.open(loops, config.limits(), paths::open);
        started.push(lookups);

        Descriptions descriptions = new Descriptions(clock);
        GrpcEndpoint grpc =
                GrpcEndpoint.start(config, loops, lookups, views, descriptions, paths.failures(), admin, clock);
        started.push(() -> grpc.drain(Duration.ZERO));
        following.address(config.listen().withPort(grpc.address().getPort()).toString());

        AtomicReference<Phase> phase = new AtomicReference<>(Phase.LOADING);
        ViewMetrics viewMetrics = new ViewMetrics(registry, views, following::failedAdoptions, clock);
        viewMetrics.follow();
        AdoptionLog adoptions = new AdoptionLog(viewMetrics::adopted);
        started.push(views.listen(adoptions::flipped)::run);
        StoreWatch storeWatch = new StoreWatch(store);
        ScheduledExecutorService storeThread =
                new ScheduledThreadPoolExecutor(1, threads("penstock-store-check"), WHEN_ENDED);
        started.push(storeThread::shutdownNow);
        storeWatch.start(storeThread, config.storeCheckInterval());
        new ServerMetrics(registry, cache, grpc, paths, () -> isReady(phase, views), storeWatch::isUnsafe).register();
        int httpPort = -1;
        if (config.http().isPresent()) {
            HttpEndpoint http = HttpEndpoint.start(
                    config.http().get(), Pages.of(registry, views, descriptions, () -> isReady(phase, views)));
            started.push(http);
            httpPort = http.address().getPort();
        }
        var unused = scheduler.scheduleWithFixedDelay(
                losses::write, LOSS_LOG_INTERVAL.toMillis(), LOSS_LOG_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        logStart(config, store, grpc.address(), httpPort);
        Warmup warmup = new Warmup(config, grpc.address(), following::sampleKeys, cache::clear, new SplittableRandom());
        return new ServingServer(config, views, grpc, httpPort, warmup, readMetrics, scheduler, started, phase);
    }

    private static ThreadFactory threads(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private static ViewConfig viewConfig(ServingConfig config) {
        ViewConfig defaults = ViewConfig.of(config.namespaces());
        return new ViewConfig(
                config.namespaces(),
                config.catalog().poll(),
                config.catalog().maxUnconfirmed(),
                config.catalog().recheckInterval(),
                config.presence().interval(),
                config.presence().ttl(),
                defaults.prefetchMax(),
                defaults.readTimeout(),
                config.catalog().adoptionTime(),
                defaults.retryMin(),
                defaults.retryMax(),
                defaults.pinnedVersions());
    }

    private static ReadLimits readLimits(ServingConfig config) {
        ServingConfig.Limits limits = config.limits();
        return new ReadLimits(
                limits.keyBytes(),
                limits.batchKeys(),
                limits.fields(),
                limits.requestBytes(),
                limits.responseBytes(),
                limits.pendingFetches(),
                limits.pendingReads(),
                limits.slowFetch(),
                limits.readTime());
    }

    private static void logStart(ServingConfig config, Store store, InetSocketAddress grpc, int httpPort) {
        String version = ServingServer.class.getPackage().getImplementationVersion();
        LOG.atInfo()
                .addKeyValue("version", version == null ? "development" : version)
                .addKeyValue("java", Runtime.version())
                .addKeyValue("listen", config.listen().withPort(grpc.getPort()))
                .addKeyValue(
                        "http",
                        config.http()
                                .map(http -> http.withPort(httpPort).toString())
                                .orElse("none"))
                .addKeyValue("tls", config.tls().certificate().isPresent())
                .addKeyValue("store", store.url())
                .addKeyValue("namespaces", config.namespaces())
                .addKeyValue("io", EventLoops.kind())
                .addKeyValue("cache_bytes", config.cache().maxBytes())
                .log("listening");
        if (config.insecure()) {
            LOG.warn("insecure is set: whoever reaches {} reads and sees everything in plaintext", config.listen());
        }
        if (config.cache().maxBytes() > Runtime.getRuntime().maxMemory() / 2) {
            LOG.atWarn()
                    .addKeyValue("cache_bytes", config.cache().maxBytes())
                    .addKeyValue("heap_bytes_max", Runtime.getRuntime().maxMemory())
                    .log("cache.max_bytes is more than half of the heap; set it lower or give the JVM more (-Xmx)");
        }
    }

    private void follow() {
        started.push(views.listen(view -> scheduler.execute(this::review))::run);
        var unused =
                scheduler.scheduleWithFixedDelay(this::review, 0, REVIEW_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Looks at where the server stands and says so. On the scheduler's thread. */
    private void review() {
        ServingView view = views.current();
        if (phase.get() == Phase.LOADING
                && Readiness.isLoaded(view)
                && phase.compareAndSet(Phase.LOADING, Phase.WARMING)) {
            threads("penstock-warmup").newThread(() -> warmUp(view)).start();
        }
        if (phase.get() != Phase.DRAINING) {
            grpc.update(view, isReady(phase, views));
        }
    }

    private static boolean isReady(AtomicReference<Phase> phase, ViewHolder views) {
        return phase.get() == Phase.RUNNING && Readiness.canAnswer(views.current(), System.nanoTime());
    }

    private void warmUp(ServingView view) {
        long startNanos = System.nanoTime();
        int lookups = 0;
        readMetrics.warming(true);
        try {
            lookups = warmup.run(view);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("the warm-up failed; the first callers will find the server cold", e);
        } finally {
            readMetrics.warming(false);
        }
        if (phase.compareAndSet(Phase.WARMING, Phase.RUNNING)) {
            LOG.atInfo()
                    .addKeyValue("datasets", view.datasets().size())
                    .addKeyValue("lookups", lookups)
                    .addKeyValue("warmup_ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos))
                    .log("ready");
            grpc.update(views.current(), isReady(phase, views));
            ready.countDown();
        }
    }

    /** The port gRPC listens on. */
    public int port() {
        return grpc.address().getPort();
    }

    /** The port HTTP listens on; −1 if {@code http} is {@code none}. */
    public int httpPort() {
        return httpPort;
    }

    /** The address gRPC listens on, as callers write it. */
    public String address() {
        return new HostPort(config.listen().host(), port()).toString();
    }

    /** What is served now. */
    public ServingView view() {
        return views.current();
    }

    /**
     * Waits until the server is ready for the first time: its views are loaded and it is warm.
     *
     * @return false if it is not within {@code timeout}
     */
    public boolean awaitReady(Duration timeout) throws InterruptedException {
        return ready.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Waits until the server has been closed. */
    public void awaitClosed() throws InterruptedException {
        closed.await();
    }

    /**
     * Says NOT_SERVING, goes on answering for {@code shutdown.lame_duck}, takes no more calls, lets those in flight end
     * for up to {@code shutdown.grace}, and ends. Blocks until then. Idempotent: a second caller waits for the first.
     */
    @Override
    public void close() {
        if (phase.getAndSet(Phase.DRAINING) == Phase.DRAINING) {
            awaitUninterruptibly();
            return;
        }
        LOG.atInfo()
                .addKeyValue("lame_duck", config.shutdown().lameDuck())
                .addKeyValue("grace", config.shutdown().grace())
                .log("draining");
        grpc.announceEnd();
        boolean all = false;
        try {
            TimeUnit.NANOSECONDS.sleep(config.shutdown().lameDuck().toNanos());
            all = grpc.drain(config.shutdown().grace());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // in a hurry: end without grace
        }
        closeAll(started);
        LOG.atInfo().addKeyValue("all_calls_ended", all).log("ended");
        closed.countDown();
    }

    private void awaitUninterruptibly() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeAll(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.warn("a part of the server did not end cleanly", e);
            }
        }
    }
}
