package io.penstock.cli.command;

import com.google.protobuf.ByteString;
import io.penstock.cli.ExitCode;
import io.penstock.cli.Problem;
import io.penstock.client.Lookup;
import io.penstock.client.PenstockClient;
import io.penstock.client.PenstockException;
import io.penstock.client.ReadOptions;
import io.penstock.client.Session;
import io.penstock.contract.Contract;
import io.penstock.serving.v1.Reason;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The look-ups of one command. Batches go out one after another as a session: a later one is never answered from an older
 * state than an earlier one.
 */
final class Lookups {
    private final PenstockClient client;
    private final Session session;
    private final String dataset;
    private final ReadOptions options;
    private final RowPrinter printer;
    private final Set<ExitCode> ends = EnumSet.noneOf(ExitCode.class);
    private @Nullable Contract contract;

    Lookups(PenstockClient client, String dataset, ReadOptions options, RowPrinter printer) {
        this.client = client;
        this.session = client.session();
        this.dataset = dataset;
        this.options = options;
        this.printer = printer;
    }

    /** What the keys so far end the command with. */
    ExitCode exitCode() {
        return ExitCode.ofKeys(ends);
    }

    /** The keys that are left were not looked up. */
    ExitCode endedEarly(ExitCode why) {
        ends.add(why);
        return exitCode();
    }

    /** @throws PenstockException if none of the keys was answered */
    void look(List<String> keys) {
        if (keys.size() == 1) {
            answer(keys.get(0), session.get(dataset, keys.get(0), options));
            return;
        }
        List<Lookup<ByteString>> lookups =
                session.batchGet(dataset, keys, options).lookups();
        for (int i = 0; i < lookups.size(); i++) {
            Lookup<ByteString> lookup = lookups.get(i);
            answer(keys.get(i), isTooLargeTogether(lookup) ? alone(keys.get(i), lookup) : lookup);
        }
    }

    /** Rows are smaller than an answer may be; only together they are not. */
    private static boolean isTooLargeTogether(Lookup<ByteString> lookup) {
        return lookup.failure()
                .filter(failure -> failure.reason() == Reason.REASON_RESPONSE_TOO_LARGE)
                .isPresent();
    }

    private Lookup<ByteString> alone(String key, Lookup<ByteString> together) {
        return session.get(dataset, key, options.withVersion(together.version()));
    }

    private void answer(String key, Lookup<ByteString> lookup) {
        switch (lookup.outcome()) {
            case FOUND -> {
                ends.add(ExitCode.DONE);
                printer.found(key, contract(), lookup);
            }
            case ABSENT, EXPIRED -> {
                ends.add(ExitCode.NOT_FOUND);
                printer.notFound(key, lookup);
            }
            case FAILED -> {
                PenstockException failure = lookup.failure().orElseThrow();
                ends.add(Problem.exitCode(failure.code(), failure.reason()));
                printer.failed(key, lookup, failure);
            }
            case UNCHANGED -> throw new IllegalStateException("UNCHANGED (expected: only when it was asked for)");
        }
    }

    /** One for all rows: inside a major every contract reads every row. */
    private Contract contract() {
        if (contract == null) {
            contract = client.getContract(dataset);
        }
        return contract;
    }
}
