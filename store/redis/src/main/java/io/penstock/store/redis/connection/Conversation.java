package io.penstock.store.redis.connection;

import static io.penstock.store.redis.connection.Forgotten.forget;

import io.lettuce.core.protocol.CommandEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.penstock.store.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one {@link NodeLink} and their answers, which come in the order the commands were sent in. Hot; confined
 * to the link's loop.
 */
final class Conversation {
    private final Consumer<String> broken;

    /** What was asked for since the last flush, and before the first attempt to connect has ended. */
    private final List<RespCommand> turn = new ArrayList<>();

    private final ArrayDeque<RespCommand> unanswered = new ArrayDeque<>();

    /** Reads what comes over the connection once the driver has logged in. */
    private @Nullable Answering answering;

    private long progressNanos;

    /** @param broken told why no further answer can be trusted; it gives the connection up */
    Conversation(Consumer<String> broken) {
        this.broken = broken;
    }

    /** Puts what reads answers between the socket, or TLS, and the driver. */
    void begin(Channel open) {
        Answering begun = new Answering();
        answering = begun;
        ChannelPipeline pipeline = open.pipeline();
        pipeline.addBefore(known(pipeline.context(CommandEncoder.class)).name(), null, begun);
    }

    /** Reads no further answers. */
    void end() {
        if (answering != null) {
            answering.end();
            answering = null;
        }
    }

    /**
     * Lets a command join the turn's batch.
     *
     * @return whether it is the first of the batch, so that a flush is due
     */
    boolean add(RespCommand command) {
        turn.add(command);
        return turn.size() == 1;
    }

    /** Sends what joined since the last flush, in one write. */
    void flush() {
        if (turn.isEmpty()) {
            return;
        }
        if (unanswered.isEmpty()) {
            progressNanos = System.nanoTime();
        }
        unanswered.addAll(turn);
        try {
            writeTurn(known(answering).context());
            turn.clear();
        } catch (RuntimeException | OutOfMemoryError e) {
            turn.clear();
            broken.accept("a command could not be sent: " + e); // how much of it was, nobody knows
        }
    }

    private void writeTurn(ChannelHandlerContext out) {
        ByteBuf together = null;
        for (int i = 0; i < turn.size(); i++) {
            RespCommand command = turn.get(i);
            if (command.isLong()) { // it has a buffer of the size it needs; short ones share one
                write(out, together);
                together = null;
                write(out, encoded(out, command));
            } else {
                together = together == null ? out.alloc().ioBuffer() : together;
                command.encode(together);
            }
        }
        write(out, together);
        out.flush();
    }

    /** Sends a command at once, ahead of the turn's. */
    void sendFirst(RespCommand command) {
        progressNanos = System.nanoTime();
        unanswered.add(command);
        ChannelHandlerContext out = known(answering).context();
        write(out, encoded(out, command));
        out.flush();
    }

    private static ByteBuf encoded(ChannelHandlerContext out, RespCommand command) {
        ByteBuf bytes = out.alloc().ioBuffer();
        command.encode(bytes);
        return bytes;
    }

    private static void write(ChannelHandlerContext out, @Nullable ByteBuf bytes) {
        if (bytes != null) {
            forget(out.write(bytes, out.voidPromise()));
        }
    }

    boolean isAnswerDue() {
        return !unanswered.isEmpty();
    }

    /** Something came, or went out. */
    void progressed(long nowNanos) {
        progressNanos = nowNanos;
    }

    /** How long nothing came and nothing went out. */
    long silentNanos(long nowNanos) {
        return nowNanos - progressNanos;
    }

    /** Ends every command. */
    void failAll(StoreException whatWasSent, StoreException whatWasNot) {
        RespCommand sent;
        while ((sent = unanswered.pollFirst()) != null) {
            sent.fail(whatWasSent);
        }
        List<RespCommand> unsent = List.copyOf(turn);
        turn.clear();
        for (RespCommand command : unsent) {
            command.fail(whatWasNot);
        }
    }

    private static <T> T known(@Nullable T value) {
        return Objects.requireNonNull(value);
    }

    /** Gives the answers to the commands they are for, in the order in which those were sent. */
    private final class Answering extends ChannelInboundHandlerAdapter implements RespReader.Answers {
        private @Nullable ChannelHandlerContext context;
        private @Nullable RespReader reader;

        ChannelHandlerContext context() {
            return known(context);
        }

        void end() {
            if (reader != null) {
                reader.end();
            }
        }

        @Override
        public void handlerAdded(ChannelHandlerContext added) {
            context = added;
            reader = new RespReader(this, added.alloc());
        }

        @Override
        public void channelRead(ChannelHandlerContext from, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            try {
                known(reader).read(bytes);
            } catch (RuntimeException | OutOfMemoryError e) {
                broken.accept("an answer could not be taken: " + e); // what follows would be told the wrong commands
            } finally {
                bytes.release();
            }
        }

        private @Nullable RespCommand asked() {
            RespCommand command = unanswered.peekFirst();
            if (command == null) {
                broken.accept("it answered what nobody asked");
            }
            return command;
        }

        @Override
        public void string(@Nullable ByteBuffer bytes) {
            RespCommand command = asked();
            if (command != null) {
                command.string(bytes);
            }
        }

        @Override
        public void number(long number) {
            RespCommand command = asked();
            if (command != null) {
                command.number(number);
            }
        }

        @Override
        public void list(int elements) {
            RespCommand command = asked();
            if (command != null) {
                command.list(elements);
            }
        }

        @Override
        public void error(String text) {
            RespCommand command = asked();
            if (command != null) {
                command.error(text);
            }
        }

        @Override
        public void complete() {
            RespCommand command = unanswered.pollFirst();
            if (command != null) {
                command.complete();
            }
        }

        @Override
        public void malformed(String why) {
            broken.accept("it sent " + why);
        }
    }
}
