package io.penstock.benchmarks.measure;

import io.penstock.benchmarks.BenchmarkException;
import io.penstock.benchmarks.load.LoadReport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A load that goes on while something happens to the server. */
public final class BackgroundLoad {
    private final CompletableFuture<LoadReport> report = new CompletableFuture<>();
    private final Thread thread;

    private BackgroundLoad(Loads.Load load) {
        thread = new Thread(
                () -> {
                    try {
                        report.complete(load.run());
                    } catch (RuntimeException | InterruptedException e) {
                        report.completeExceptionally(e);
                    }
                },
                "background-load");
        thread.setDaemon(true);
    }

    public static BackgroundLoad start(Loads.Load load) {
        BackgroundLoad started = new BackgroundLoad(load);
        started.thread.start();
        return started;
    }

    public boolean isOver() {
        return report.isDone();
    }

    /** Waits for its end. */
    public LoadReport await() throws InterruptedException {
        try {
            return report.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BenchmarkException cause) {
                throw cause;
            }
            throw new IllegalStateException("the load failed with " + e.getCause(), e);
        }
    }
}
