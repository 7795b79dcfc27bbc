package io.penstock.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import org.jspecify.annotations.Nullable;

/**
 * One read as one request, or two: whichever is answered first counts, and the other is cancelled. A failure of the second
 * request never counts as long as the first may answer; a failure of the first counts at once, unless it is {@code
 * UNAVAILABLE} while the second is under way.
 *
 * <p>Thread-safe: answers come on any thread. Callbacks are called outside the lock, one of them, once.
 */
final class HedgedCall<Q, A> {
    private final Channel channel;
    private final Budget budget;
    private final MethodDescriptor<Q, A> method;
    private final Q request;
    private final CallOptions options;
    private final End<A> end;
    private final Context context = Context.current();

    // Guarded by this.
    private @Nullable ClientCall<Q, A> first;
    private @Nullable ClientCall<Q, A> second;
    private boolean hedged;
    private boolean secondFailed;
    private @Nullable Throwable firstFailure;
    private boolean over;

    /** Hears how the read ended. */
    interface End<A> {
        void answered(A answer, boolean hedged);

        void failed(Throwable failure, boolean hedged);
    }

    HedgedCall(
            Channel channel, Budget budget, MethodDescriptor<Q, A> method, Q request, CallOptions options, End<A> end) {
        this.channel = channel;
        this.budget = budget;
        this.method = method;
        this.request = request;
        this.options = options;
        this.end = end;
    }

    /** Sends the first request. */
    void start() {
        budget.read();
        ClientCall<Q, A> call = channel.newCall(method, options);
        synchronized (this) {
            first = call;
        }
        ClientCalls.asyncUnaryCall(call, request, new OneAnswer<>(answer -> won(answer, false), this::firstFailed));
    }

    /** Sends the second request, if one is still wanted and may be sent. Called once, on any thread. */
    void hedge() {
        synchronized (this) {
            if (over || !budget.tryTake()) {
                return;
            }
            hedged = true;
        }
        ClientCall<Q, A> call;
        try {
            call = channel.newCall(method, options);
            context.run(() -> ClientCalls.asyncUnaryCall(
                    call, request, new OneAnswer<>(answer -> won(answer, true), this::secondFailed)));
        } catch (RuntimeException | Error e) {
            secondFailed(e); // or the first one's failure would wait for an answer that cannot come
            return;
        }
        boolean unwanted;
        synchronized (this) {
            second = call;
            unwanted = over;
        }
        if (unwanted) {
            call.cancel("another server answered first", null);
        }
    }

    private void won(A answer, boolean bySecond) {
        ClientCall<Q, A> loser;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            loser = bySecond ? first : second;
        }
        if (loser != null) {
            loser.cancel("another server answered first", null);
        }
        end.answered(answer, isHedged());
    }

    private void firstFailed(Throwable failure) {
        Status.Code code = emptyIfRefused(failure);
        ClientCall<Q, A> other;
        synchronized (this) {
            if (over) {
                return;
            }
            if (code == Status.Code.UNAVAILABLE && hedged && !secondFailed) {
                firstFailure = failure;
                return;
            }
            over = true;
            other = second;
        }
        if (other != null) {
            other.cancel("the read has failed", null);
        }
        end.failed(failure, isHedged());
    }

    private void secondFailed(Throwable failure) {
        emptyIfRefused(failure);
        Throwable whole;
        synchronized (this) {
            secondFailed = true;
            if (over || firstFailure == null) {
                return;
            }
            over = true;
            whole = firstFailure;
        }
        end.failed(whole, true);
    }

    private Status.Code emptyIfRefused(Throwable failure) {
        Status.Code code = Status.fromThrowable(failure).getCode();
        if (code == Status.Code.RESOURCE_EXHAUSTED) {
            budget.empty();
        }
        return code;
    }

    synchronized boolean isHedged() {
        return hedged;
    }

    synchronized boolean isOver() {
        return over;
    }

    /** Nobody wants an answer any more: the read fails as cancelled, unless it is over. */
    void cancel(String why) {
        ClientCall<Q, A> one;
        ClientCall<Q, A> other;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            one = first;
            other = second;
        }
        if (one != null) {
            one.cancel(why, null);
        }
        if (other != null) {
            other.cancel(why, null);
        }
        end.failed(Status.CANCELLED.withDescription(why).asRuntimeException(), isHedged());
    }
}
