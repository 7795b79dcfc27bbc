package io.penstock.serving.grpc;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.penstock.serving.config.ServingConfig;
import io.penstock.serving.v1.BatchGetRequest;
import io.penstock.serving.v1.DatasetKeys;
import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.v1.ServingServiceGrpc;
import io.penstock.serving.v1.ServingServiceGrpc.ServingServiceFutureStub;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.ServingView;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLException;

/**
 * Looks keys up through the server's own port before it calls itself ready, so that the first callers meet compiled code,
 * open store connections and grown buffers. Half of the keys are ones the versions have, sampled from a few buckets, the
 * others are made up; each is asked for twice, the second time in the next wave, from the cache. Wave follows wave, then
 * some look-ups one by one, then the connections are closed and the near cache is emptied, and that all over again: the
 * compiler leaves out what it has never seen happen, and throws code away when it happens. It ends when the JVM has compiled
 * what look-ups need, after {@code warmup.lookups} or after {@code warmup.duration}, whichever is first, and failures do not
 * matter.
 */
public final class Warmup {
    private static final int CONNECTIONS = 4;
    /** Lookups of one wave that were not asked before; as many are asked again. */
    private static final int NEW_KEYS = 64;

    /** Fewer do not show what is worth compiling. */
    private static final int LOOKUPS_MIN = 20_000;

    private static final int BATCHES = 8;

    /** From connections that open until they are closed. */
    private static final int WAVES_OF_A_ROUND = 32;

    /** Look-ups of a round that come one by one, so that the loop is idle between them. */
    private static final int LONELY_LOOKUPS = 32;

    private static final int BATCH_KEYS_MAX = 200;
    /** Datasets that are looked up and sampled; a server of more is warm by then. */
    private static final int DATASETS_MAX = 64;

    private static final int SAMPLED_BUCKETS = 8;
    private static final Duration END_GRACE = Duration.ofMillis(200);

    private final ServingConfig config;
    private final InetSocketAddress server;
    private final KeySampler sampler;
    private final Runnable emptyCache;
    private final RandomGenerator random;

    /** @param emptyCache makes the server forget the rows it has cached */
    public Warmup(
            ServingConfig config,
            InetSocketAddress server,
            KeySampler sampler,
            Runnable emptyCache,
            RandomGenerator random) {
        this.config = config;
        this.server = server;
        this.sampler = sampler;
        this.emptyCache = emptyCache;
        this.random = random;
    }

    /** Finds keys that a version has. */
    @FunctionalInterface
    public interface KeySampler {
        /** Keys out of up to so many buckets; maybe none. */
        CompletableFuture<List<String>> sample(DatasetView version, int buckets);
    }

    /** A dataset and some of its keys. */
    private record Target(String dataset, List<String> keys) {}

    /**
     * Runs it; blocks until it is over.
     *
     * @return how many lookups were made
     */
    public int run(ServingView view) throws InterruptedException {
        long deadline = System.nanoTime() + config.warmup().duration().toNanos();
        if (config.warmup().duration().isZero() || config.warmup().lookups() == 0) {
            return 0;
        }
        List<Target> targets = targets(view, deadline);
        if (targets.isEmpty()) {
            return 0;
        }
        int made = 0;
        CompilerWatch compiler = CompilerWatch.ofThisJvm(System.nanoTime());
        do {
            made += round(targets, config.warmup().lookups() - made, deadline);
            emptyCache.run();
        } while (made < config.warmup().lookups()
                && System.nanoTime() - deadline < 0
                && !(compiler.isCalm(System.nanoTime()) && made >= LOOKUPS_MIN));
        return made;
    }

    /** Opens connections, asks, and closes them; returns how many lookups it made, about {@code most} if that is less. */
    private int round(List<Target> targets, int most, long deadline) throws InterruptedException {
        EventLoopGroup loop = EventLoops.forCalls();
        List<ManagedChannel> channels = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                channels.add(channel(loop));
            }
            int made = 0;
            List<GetRequest> asked = List.of();
            for (int i = 0; i < WAVES_OF_A_ROUND && made < most && System.nanoTime() - deadline < 0; i++) {
                List<GetRequest> fresh = fresh(targets);
                List<ListenableFuture<?>> wave = wave(fresh, asked, targets, channels);
                await(wave, config.limits().readTime());
                made += wave.size();
                asked = fresh;
            }
            for (int i = 0; i < LONELY_LOOKUPS && made < most && System.nanoTime() - deadline < 0; i++) {
                await(
                        List.of(stub(channels, i).get(request(targets))),
                        config.limits().readTime());
                made++;
            }
            return made;
        } finally {
            close(channels, loop);
        }
    }

    /** What is done for connections and loops that end is to be over when the round is. */
    private static void close(List<ManagedChannel> channels, EventLoopGroup loop) throws InterruptedException {
        channels.forEach(ManagedChannel::shutdownNow);
        for (ManagedChannel channel : channels) {
            channel.awaitTermination(END_GRACE.toNanos(), TimeUnit.NANOSECONDS);
        }
        loop.shutdownGracefully(0, END_GRACE.toNanos(), TimeUnit.NANOSECONDS)
                .await(END_GRACE.toNanos(), TimeUnit.NANOSECONDS);
    }

    private List<Target> targets(ServingView view, long deadline) throws InterruptedException {
        Map<String, CompletableFuture<List<String>>> samples = new LinkedHashMap<>();
        for (DatasetStatus status : view.datasets()) {
            DatasetView served = status.served();
            if (served != null && samples.size() < DATASETS_MAX) {
                samples.put(status.id().toString(), sampler.sample(served, SAMPLED_BUCKETS));
            }
        }
        List<Target> targets = new ArrayList<>();
        for (Map.Entry<String, CompletableFuture<List<String>>> sample : samples.entrySet()) {
            targets.add(new Target(sample.getKey(), keys(sample.getValue(), deadline)));
        }
        return targets;
    }

    private static List<String> keys(CompletableFuture<List<String>> sample, long deadline)
            throws InterruptedException {
        try {
            return sample.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            sample.cancel(false);
            return List.of();
        }
    }

    private List<GetRequest> fresh(List<Target> targets) {
        List<GetRequest> requests = new ArrayList<>();
        for (int i = 0; i < NEW_KEYS; i++) {
            requests.add(request(targets));
        }
        return requests;
    }

    private GetRequest request(List<Target> targets) {
        Target target = targets.get(random.nextInt(targets.size()));
        return GetRequest.newBuilder()
                .setDataset(target.dataset())
                .setKey(key(target))
                .build();
    }

    private String key(Target target) {
        return target.keys().isEmpty() || random.nextBoolean()
                ? "warm-up-" + Long.toHexString(random.nextLong())
                : target.keys().get(random.nextInt(target.keys().size()));
    }

    private List<ListenableFuture<?>> wave(
            List<GetRequest> fresh, List<GetRequest> again, List<Target> targets, List<ManagedChannel> channels) {
        List<ListenableFuture<?>> calls = new ArrayList<>();
        for (GetRequest request : again) {
            calls.add(stub(channels, calls.size()).get(request));
        }
        for (GetRequest request : fresh) {
            calls.add(stub(channels, calls.size()).get(request));
        }
        for (int i = 0; i < BATCHES; i++) {
            calls.add(stub(channels, calls.size()).batchGet(batch(targets.get(random.nextInt(targets.size())))));
        }
        return calls;
    }

    private ServingServiceFutureStub stub(List<ManagedChannel> channels, int call) {
        return ServingServiceGrpc.newFutureStub(channels.get(call % channels.size()))
                .withDeadlineAfter(config.limits().readTime().toNanos(), TimeUnit.NANOSECONDS);
    }

    private BatchGetRequest batch(Target target) {
        DatasetKeys.Builder keys = DatasetKeys.newBuilder().setDataset(target.dataset());
        int size = 1 + random.nextInt(Math.min(BATCH_KEYS_MAX, config.limits().batchKeys()));
        for (int i = 0; i < size; i++) {
            keys.addKeys(key(target));
        }
        return BatchGetRequest.newBuilder().addGroups(keys).build();
    }

    /**
     * Waits for a wave, the last one, too: what it asked a slow store for would else be on its way when callers come, and
     * count against them. How its lookups ended does not matter, those that fail have gone the way, too.
     *
     * @param most a lookup has a deadline of so long itself
     */
    private static void await(List<ListenableFuture<?>> calls, Duration most) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(calls.size());
        calls.forEach(call -> call.addListener(ended::countDown, Runnable::run));
        if (!ended.await(most.plus(END_GRACE).toNanos(), TimeUnit.NANOSECONDS)) {
            calls.forEach(call -> call.cancel(true));
        }
    }

    private ManagedChannel channel(EventLoopGroup loop) {
        InetAddress address = server.getAddress();
        InetSocketAddress self = address.isAnyLocalAddress()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort())
                : server;
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(self)
                .eventLoopGroup(loop)
                .channelFactory(EventLoops.callingChannels())
                .directExecutor();
        if (config.tls().certificate().isEmpty()) {
            return builder.usePlaintext().build();
        }
        try {
            // The address is our own socket's, and what is asked is answered by ourselves: whose name is in the
            // certificate
            // does not matter.
            SslContextBuilder tls = SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE);
            return builder.sslContext(
                            GrpcSslContexts.configure(tls, SslProvider.JDK).build())
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }
}
