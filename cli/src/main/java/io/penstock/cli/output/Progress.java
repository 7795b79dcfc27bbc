package io.penstock.cli.output;

import io.penstock.publisher.PublicationObserver;
import io.penstock.publisher.Step;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Says on standard error what a publication is doing: on a terminal in one line that is rewritten, else a line for each
 * step worth one. Used by one thread.
 */
public final class Progress implements PublicationObserver, AutoCloseable {
    private static final int WIDTH_MAX = 110;

    /** What takes time or changes what readers may see. */
    private static final Set<Step> WORTH_A_LINE = EnumSet.of(
            Step.SLOT_WATCHED,
            Step.SLOT_TAKEN,
            Step.READING,
            Step.READ,
            Step.WRITTEN,
            Step.VERIFIED,
            Step.COMMITTED,
            Step.ADOPTION_AWAITED);

    private final Console console;
    private int shown;

    public Progress(Console console) {
        this.console = console;
    }

    @Override
    public void at(Step step, String detail) {
        String line = step.name().toLowerCase(Locale.ROOT).replace('_', ' ') + (detail.isEmpty() ? "" : ": " + detail);
        if (console.interactive()) {
            rewrite(line.substring(0, Math.min(WIDTH_MAX, line.length())));
        } else if (WORTH_A_LINE.contains(step)) {
            console.err().println(line);
        }
    }

    private void rewrite(String line) {
        console.err().print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
        console.err().flush();
        shown = line.length();
    }

    /** Clears the line, so that something else can be printed. */
    public void end() {
        if (shown > 0) {
            rewrite("");
            console.err().print("\r");
            shown = 0;
        }
    }

    @Override
    public void close() {
        end();
    }
}
