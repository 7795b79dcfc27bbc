package io.penstock.store.testkit.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import org.jspecify.annotations.Nullable;

/** One connection through the proxy: a pipe for each direction. Confined to the proxy's loop. */
final class Relay {
    private final FaultProxy proxy;
    private final Pipe requests;
    private final Pipe replies;
    private boolean isLossy;
    private boolean isEnded;

    Relay(FaultProxy proxy, Channel client) {
        this.proxy = proxy;
        this.requests = new Pipe(this, false);
        this.replies = new Pipe(this, true);
        replies.target(client);
    }

    Pipe requests() {
        return requests;
    }

    Pipe replies() {
        return replies;
    }

    FaultProxy proxy() {
        return proxy;
    }

    /** The server is connected. */
    void start() {
        Channel server = replies.source();
        if (isEnded || server == null) {
            reset();
            return;
        }
        requests.target(server);
        faultsChanged();
    }

    void faultsChanged() {
        requests.update();
        replies.update();
    }

    /** The other direction of a pipe: its source is this one's target. */
    Pipe opposite(Pipe pipe) {
        return pipe == requests ? replies : requests;
    }

    void lost() {
        isLossy = true;
    }

    void resetIfLossy() {
        if (isLossy) {
            reset();
        }
    }

    /** Ends both connections as a broken network or process does: with a reset. */
    void reset() {
        end(true);
    }

    void end(boolean isReset) {
        if (isEnded) {
            return;
        }
        isEnded = true;
        requests.discard();
        replies.discard();
        close(requests.source(), isReset);
        close(replies.target(), isReset); // the same channel, known earlier
        close(replies.source(), isReset);
        proxy.ended(this);
    }

    boolean isEnded() {
        return isEnded;
    }

    private static void close(@Nullable Channel channel, boolean isReset) {
        if (channel == null) {
            return;
        }
        if (isReset && channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }
}
