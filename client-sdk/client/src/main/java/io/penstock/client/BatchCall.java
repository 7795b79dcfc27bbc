package io.penstock.client;

import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Deadline;
import io.penstock.client.internal.transport.Route;
import io.penstock.serving.v1.BatchGetRequest;
import io.penstock.serving.v1.BatchGetResponse;
import io.penstock.serving.v1.DatasetKeys;
import io.penstock.serving.v1.ServingServiceGrpc;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One batch, in as many requests as it takes. The first answers for every dataset from one view of a server; the others
 * ask the same server for exactly these versions, a few at a time. If such a version is gone by then (a rollback, say), or
 * the server cannot answer for a dataset at all, the whole batch is begun again, on another server if there is one, so that
 * it never mixes versions.
 */
final class BatchCall {
    private static final String NAME = "BatchGet";

    /** How long after its deadline a call is given up that gRPC did not end: all threads of its executor are busy. */
    private static final long STUCK_SECONDS = 1;

    /** How often a batch is begun, at most: a version may go, a server may not be able to answer for a dataset. */
    private static final int BEGINNINGS_MAX = 3;

    private final Calls calls;
    private final String what;
    private final List<Batch.Part<?>> parts;
    private final @Nullable SeenRevisions seen;
    private final Deadline deadline;
    private final List<List<BatchPlan.Slice>> requests;
    private final CallOptions options;

    BatchCall(Calls calls, List<Batch.Part<?>> parts, @Nullable SeenRevisions seen) {
        this.calls = calls;
        this.what = NAME + " of " + (parts.size() == 1 ? parts.get(0).dataset() : datasets(parts));
        this.parts = parts;
        this.seen = seen;
        this.requests = new BatchPlan(parts, calls.connection().batchLimits()).requests();
        this.deadline = calls.deadline(parts, rounds());
        this.options = calls.connection().options(deadline);
    }

    private static String datasets(List<Batch.Part<?>> parts) {
        return parts.stream().map(Batch.Part::dataset).distinct().collect(Collectors.joining(", "));
    }

    /** How often answers are waited for before more is asked. */
    private int rounds() {
        int inFlight = BatchLimits.REQUESTS_IN_FLIGHT_MAX;
        return 1 + (requests.size() - 1 + inFlight - 1) / inFlight;
    }

    BatchResult blocking() {
        if (requests.size() == 1) {
            return blockingOne();
        }
        CompletableFuture<BatchResult> result = async(whole -> whole);
        try {
            return result.get(
                    Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS)) + TimeUnit.SECONDS.toNanos(STUCK_SECONDS),
                    TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            result.cancel(false);
            throw Failures.interrupted(what, e);
        } catch (TimeoutException e) {
            result.cancel(false);
            throw Failures.stuck(what, e);
        } catch (ExecutionException e) {
            throw Failures.rethrown(e);
        }
    }

    private BatchResult blockingOne() {
        calls.connection().batchRetries().read();
        CallOptions routed = options.withOption(Route.KEY, new Route());
        for (int left = BEGINNINGS_MAX - 1; true; left--) {
            BatchAnswers answers = answers();
            answers.accept(
                    requests.get(0),
                    calls.blocking(
                            ServingServiceGrpc.getBatchGetMethod(), request(answers, requests.get(0)), routed, what));
            if (!mayBeAnsweredElsewhere(answers) || !mayBeginAgain(left)) {
                return answers.result();
            }
        }
    }

    /** On a channel of the caller's, asking again is up to its retries. */
    private boolean mayBeAnsweredElsewhere(BatchAnswers answers) {
        return calls.connection().ownsChannel() && answers.isUnavailable();
    }

    private boolean mayBeginAgain(int beginningsLeft) {
        return beginningsLeft > 0
                && !deadline.isExpired()
                && calls.connection().batchRetries().tryTake();
    }

    /** Starts the batch; the future holds what {@code read} makes of the result. Cancelling it cancels the requests. */
    <R> CompletableFuture<R> async(Function<BatchResult, R> read) {
        calls.connection().batchRetries().read();
        Run<R> run = new Run<>(read);
        try {
            run.begin(BEGINNINGS_MAX - 1);
        } catch (RuntimeException e) {
            run.result.completeExceptionally(e);
            throw e;
        }
        return run.result;
    }

    private BatchAnswers answers() {
        return new BatchAnswers(NAME, parts, seen);
    }

    private BatchGetRequest request(BatchAnswers answers, List<BatchPlan.Slice> slices) {
        BatchGetRequest.Builder request = BatchGetRequest.newBuilder();
        for (BatchPlan.Slice slice : slices) {
            Batch.Part<?> part = parts.get(slice.part());
            DatasetKeys.Builder group = request.addGroupsBuilder().setDataset(part.dataset());
            group.addAllKeys(part.keys().subList(slice.from(), slice.to()));
            ReadOptions wanted = answers.wanted(slice.part());
            if (!wanted.equals(ReadOptions.none())) {
                group.setOptions(wanted.toProto());
            }
        }
        return request.build();
    }

    /** A batch on its way, not waited for. */
    private final class Run<R> {
        final CompletableFuture<R> result = new CompletableFuture<>();
        private final Context.CancellableContext context = Context.current().withCancellation();
        private final Function<BatchResult, R> read;

        /** Of the first request of each beginning; the others follow it to its server. */
        private final Route route = new Route();

        Run(Function<BatchResult, R> read) {
            this.read = read;
            // However it ends: what is still under way is wanted by nobody.
            CompletableFuture<R> unused = result.whenComplete((done, failure) -> context.cancel(null));
        }

        void begin(int beginningsLeft) {
            Attempt attempt = new Attempt(beginningsLeft);
            attempt.proceed(attempt.first());
        }

        /** One pass over all requests. Guarded by itself: answers come on any thread. */
        private final class Attempt {
            private final BatchAnswers answers = answers();
            private final int beginningsLeft;
            private boolean over;
            private int next;
            private int inFlight;

            Attempt(int beginningsLeft) {
                this.beginningsLeft = beginningsLeft;
            }

            /** Does what an answer led to; never under the lock, because others' code may run in it. */
            void proceed(Step step) {
                step.sends.forEach(this::send);
                if (step.beginsAgain) {
                    begin(beginningsLeft - 1);
                }
                if (step.result != null) {
                    result.complete(read.apply(step.result));
                }
            }

            private void send(Sending sending) {
                context.run(() -> calls.send(
                        ServingServiceGrpc.getBatchGetMethod(),
                        sending.request,
                        options.withOption(Route.KEY, sending.isFirst ? route : route.again()),
                        what,
                        response -> proceed(accept(sending.slices, response)),
                        result::completeExceptionally));
            }

            synchronized Step first() {
                return new Step(List.of(nextSending(requests.get(next++), true)), false, null);
            }

            private synchronized Step accept(List<BatchPlan.Slice> slices, BatchGetResponse response) {
                if (over) {
                    return Step.NONE;
                }
                inFlight--;
                boolean pinnedGone = answers.accept(slices, response);
                if ((pinnedGone || mayBeAnsweredElsewhere(answers)) && mayBeginAgain(beginningsLeft)) {
                    over = true;
                    return new Step(List.of(), true, null);
                }
                List<Sending> sends = new ArrayList<>();
                while (next < requests.size() && inFlight < BatchLimits.REQUESTS_IN_FLIGHT_MAX) {
                    List<BatchPlan.Slice> wanted = answers.stillWanted(requests.get(next++));
                    if (!wanted.isEmpty()) {
                        sends.add(nextSending(wanted, false));
                    }
                }
                over = inFlight == 0;
                return new Step(sends, false, over ? answers.result() : null);
            }

            private Sending nextSending(List<BatchPlan.Slice> slices, boolean isFirst) {
                inFlight++;
                return new Sending(slices, request(answers, slices), isFirst);
            }
        }
    }

    private record Sending(List<BatchPlan.Slice> slices, BatchGetRequest request, boolean isFirst) {}

    /** What is to be done after an answer. */
    private record Step(
            List<Sending> sends,
            boolean beginsAgain,
            @Nullable BatchResult result) {
        static final Step NONE = new Step(List.of(), false, null);
    }
}
