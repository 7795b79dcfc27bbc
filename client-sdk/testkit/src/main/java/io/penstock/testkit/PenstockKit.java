package io.penstock.testkit;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import io.grpc.Channel;
import io.penstock.client.PenstockClient;
import io.penstock.contract.Contract;
import io.penstock.serving.view.DatasetView;
import io.penstock.store.blob.BlobAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * A publisher, a server and a client on one store in memory: what a service reads in production, in the test's own JVM.
 *
 * <pre>{@code
 * try (PenstockKit kit = PenstockKit.builder().contract(Customer360.getDescriptor()).start()) {
 *     kit.publish(customer(42, "Ada"), customer(43, "Bob"));
 *     kit.upsert(customer(42, "Ada L."));
 *     kit.rollback("customer-360.v1");
 * }
 * }</pre>
 *
 * <p>Thread-safe: one call at a time, each returns when the server serves what it brought about (unless a fault keeps it
 * from that). What production refuses is refused here, as a {@code PublisherException} with production's message; only the
 * guardrails that compare a version with the one before it are off.
 */
public final class PenstockKit implements AutoCloseable {
    /** A server reads several blobs one after the other to adopt a version; nobody waits while each takes so long. */
    private static final Duration SLOW_ADOPTION = Duration.ofSeconds(1);

    /** Netty's events for the flight recorder: nobody records a test, and loading the recorder takes 0.2 s. */
    private static final String FLIGHT_RECORDER_EVENTS = "io.netty.jfr.enabled";

    static {
        if (System.getProperty(FLIGHT_RECORDER_EVENTS) == null) {
            System.setProperty(FLIGHT_RECORDER_EVENTS, "false");
        }
    }

    private final Contracts contracts;
    private final List<Message> firstRows;
    private final StoreFaults faults;
    private final ScheduledExecutorService timer;
    private final RunningServer server;
    private final KitConnection connection;

    // Guarded by this.
    private KitData data;
    private boolean touched;
    private boolean closed;

    public static PenstockKitBuilder builder() {
        return new PenstockKitBuilder();
    }

    PenstockKit(List<Descriptor> descriptors, List<Message> firstRows, Map<String, String> settings) {
        this.firstRows = firstRows;
        server = new RunningServer(settings);
        timer = newTimer();
        faults = new StoreFaults(new DelayedReads(timer));
        data = new KitData(timer);
        KitConnection connecting = new KitConnection(server.address());
        // A start is the loading of classes: the server's on the timer's thread, all others meanwhile on this one.
        CompletableFuture<Void> serving = CompletableFuture.runAsync(this::serve, timer);
        try {
            connecting.connect();
            contracts = new Contracts(descriptors);
            joined(serving);
            connecting = connecting.at(server.address());
            connecting.awaitServer();
            connection = connecting;
            begin();
        } catch (RuntimeException e) {
            connecting.close();
            serving.handle((unused, failure) -> failure).join();
            server.close();
            timer.shutdownNow();
            throw e;
        }
    }

    private void serve() {
        server.start(data.seenByServer(faults));
    }

    private static void joined(CompletableFuture<Void> serving) {
        try {
            serving.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    private static ScheduledExecutorService newTimer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "penstock-testkit");
            thread.setDaemon(true);
            return thread;
        });
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return timer;
    }

    private void begin() {
        if (!firstRows.isEmpty()) {
            settled(data.publish(contracts.group(firstRows), null));
        }
        touched = false;
    }

    /** A client of the server; one for all tests is enough. Its deadline is 10 s. The kit closes it. */
    public PenstockClient client() {
        return connection.client();
    }

    /** The channel of {@link #client}, for a client or a stub of the test's own. The kit closes it. */
    public Channel channel() {
        return connection.channel();
    }

    /** The server's address, {@code 127.0.0.1:port}; the same for as long as the kit lives. */
    public String address() {
        return server.address();
    }

    public KitFaults faults() {
        return new KitFaults(this);
    }

    /** Publishes a version that has these rows and no others. */
    public Swap publish(Message... rows) {
        return publish(List.of(rows));
    }

    /** Publishes a version that has these rows and no others. */
    public Swap publish(Collection<? extends Message> rows) {
        return publishAs(rows, null);
    }

    /** Publishes a version whose data is complete up to a time, such as one too old for {@code max_age}. */
    public Swap publishAsOf(Instant dataAsOf, Message... rows) {
        return publishAs(List.of(rows), dataAsOf);
    }

    private synchronized Swap publishAs(Collection<? extends Message> rows, @Nullable Instant dataAsOf) {
        Contract contract = contracts.of(rows, "publish");
        return publish(contract, List.copyOf(rows), dataAsOf);
    }

    /** Publishes versions of several datasets in one step: no batch sees one of them without the others. */
    public synchronized List<Swap> publishTogether(Message... rows) {
        Map<Contract, List<Message>> grouped = contracts.group(List.of(rows));
        if (grouped.isEmpty()) {
            throw new KitException(
                    KitException.Code.WRONG_ROWS, "publishTogether: no rows (expected: some of each dataset)");
        }
        return settled(requireOpen().publish(grouped, null));
    }

    /** Publishes a version with these rows added to the present ones, or in the place of those with the same keys. */
    public synchronized Swap upsert(Message... rows) {
        Contract contract = contracts.of(List.of(rows), "upsert");
        return publish(contract, requireOpen().with(contract, List.of(rows)), null);
    }

    /** Publishes a version without the rows that have the keys of these. */
    public synchronized Swap delete(Message... rows) {
        Contract contract = contracts.of(List.of(rows), "delete");
        return publish(contract, requireOpen().without(contract, List.of(rows)), null);
    }

    /** Publishes a version without rows. */
    public synchronized Swap clear(String dataset) {
        return publish(contracts.ofDataset(dataset), List.of(), null);
    }

    private Swap publish(Contract contract, List<Message> rows, @Nullable Instant dataAsOf) {
        return settled(requireOpen().publish(Map.of(contract, rows), dataAsOf)).get(0);
    }

    /** Goes back to the version before the current one, together with what was published in one step with it. */
    public Swap rollback(String dataset) {
        return rollback(dataset, OptionalLong.empty());
    }

    /** Goes back to a version. */
    public Swap rollback(String dataset, long version) {
        return rollback(dataset, OptionalLong.of(version));
    }

    private synchronized Swap rollback(String dataset, OptionalLong version) {
        return settled(requireOpen().rollback(dataset, version)).get(0);
    }

    private List<Swap> settled(List<Swap> swaps) {
        touched = true;
        boolean tooSlow = faults.delay().compareTo(SLOW_ADOPTION) >= 0;
        if (server.isUp() && !faults.isPaused() && !faults.isUnreachable() && !tooSlow) {
            swaps.forEach(swap -> server.awaitRevision(swap.dataset(), swap.revision()));
        }
        return swaps;
    }

    /** What is current of a dataset, whether or not the server has adopted it; see {@link #pauseAdoption}. */
    public synchronized Swap current(String dataset) {
        return requireOpen().current(dataset);
    }

    /** From now on the server goes on with the versions it has; publications and rollbacks are committed and not served. */
    public synchronized void pauseAdoption() {
        touched = true;
        if (!faults.isPaused()) {
            requireOpen().pause(faults);
        }
    }

    /** Lets the server adopt what it missed, and waits until it serves it. */
    public synchronized void resumeAdoption() {
        faults.resume();
        settled(requireOpen().currents());
    }

    /** Ends every fault and waits until the server serves what is current. */
    public synchronized void heal() {
        requireOpen();
        faults.healStore();
        if (!server.isUp()) {
            serve();
            connection.awaitServer();
        }
        resumeAdoption();
    }

    /**
     * Ends every fault and forgets everything that was published, but for the builder's rows: versions and revisions begin
     * at 1 again. Clients, channel and address stay; sessions must be begun anew.
     */
    public synchronized void reset() {
        requireOpen();
        if (!touched) {
            return;
        }
        faults.healStore();
        faults.resume();
        server.stop();
        data = new KitData(timer);
        serve();
        connection.awaitServer();
        begin();
    }

    synchronized void injectSlow(Duration readTime) {
        touch();
        faults.delay(readTime);
    }

    synchronized void injectUnavailable() {
        touch();
        faults.unreachable();
    }

    synchronized void injectDown() {
        touch();
        faults.delayedReads().release(); // for they would find no server to go to
        server.stop();
    }

    synchronized void injectLoss(Message row) {
        touch();
        faults.lose(bucketOf(row));
    }

    synchronized void injectDamage(Message row) {
        touch();
        faults.damage(bucketOf(row));
    }

    private void touch() {
        requireOpen();
        touched = true;
    }

    private BlobAddress bucketOf(Message row) {
        Contract contract = contracts.of(row);
        DatasetView view = server.served(contract.dataset());
        if (view == null) {
            throw new KitException(
                    KitException.Code.NOT_SERVED, contract.dataset() + ": nothing is served (expected: publish first)");
        }
        byte[] key = contract.keyEncoding().encode(row).getBytes(StandardCharsets.UTF_8);
        int bucket = view.layout().bucketOf(view.layout().hash(key));
        long generation = view.generationOf(bucket);
        if (generation == 0) {
            throw new KitException(
                    KitException.Code.NOT_SERVED,
                    contract.dataset() + ": no row is in the bucket of this key (expected: a row that was published)");
        }
        return BlobAddress.bucket(view.id(), generation, bucket);
    }

    private KitData requireOpen() {
        if (closed) {
            throw new KitException(KitException.Code.CLOSED, "kit: closed (expected: open)");
        }
        return data;
    }

    /** Ends everything. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        connection.close();
        server.close();
        timer.shutdownNow();
    }
}
