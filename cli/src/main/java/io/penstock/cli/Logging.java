package io.penstock.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import org.slf4j.LoggerFactory;

/** Sends the log to standard error: one JSON object a line, or plain lines on a terminal. */
final class Logging {
    private static final String PLAIN = "%d{HH:mm:ss.SSS} %-5level %logger{0} %msg%n%ex";

    /**
     * gRPC's own, of {@code java.util.logging}: it would write a stack trace for each request beyond the size limit, which
     * the caller is told. Kept here, for loggers are forgotten with their levels once nobody refers to them.
     */
    private static final java.util.logging.Logger REFUSED_REQUESTS =
            java.util.logging.Logger.getLogger("io.grpc.netty.NettyServerStream");

    private Logging() {}

    /** @param service whether the command runs until it is stopped; others log only when something is wrong with them */
    static void configure(boolean service, boolean verbose, boolean interactive) {
        REFUSED_REQUESTS.setLevel(verbose ? java.util.logging.Level.ALL : java.util.logging.Level.SEVERE);
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        context.reset();
        Encoder<ILoggingEvent> encoder = interactive ? plain(context) : json(context);
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(service ? Level.WARN : verbose ? Level.WARN : Level.OFF);
        context.getLogger("io.penstock").setLevel(verbose ? Level.DEBUG : service ? Level.INFO : Level.OFF);
        root.addAppender(appender);
    }

    private static Encoder<ILoggingEvent> plain(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PLAIN);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        encoder.setWithFormattedMessage(true);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.start();
        return encoder;
    }
}
