package io.penstock.publisher.guardrail;

import io.penstock.publisher.Failures;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.storage.v1.CheckResult;
import io.penstock.storage.v1.CheckResult.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** What came of all checks of a version. Every check runs, whatever came of the others. */
public final class CheckRun {
    private final List<CheckResult> results = new ArrayList<>();
    private @Nullable PublisherException firstError;
    private boolean failedForGood;

    private CheckRun() {}

    /**
     * Runs checks.
     *
     * @param overrides names of checks that may fail, and why
     */
    public static CheckRun of(List<Check> checks, Map<String, String> overrides) {
        CheckRun run = new CheckRun();
        for (Check check : checks) {
            run.results.add(run.run(check, overrides.get(check.name())));
        }
        return run;
    }

    private CheckResult run(Check check, @Nullable String override) {
        CheckResult.Builder result = CheckResult.newBuilder().setCheck(check.name());
        try {
            Check.Answer answer = check.run();
            result.setVerdict(answer.verdict()).setDetail(answer.detail());
        } catch (RuntimeException e) {
            PublisherException error = Failures.of(e);
            if (firstError == null) {
                firstError = error;
            }
            result.setVerdict(Verdict.VERDICT_FAILED).setDetail("could not be run: " + error.getMessage());
        }
        if (result.getVerdict() == Verdict.VERDICT_FAILED) {
            if (override != null && check.mayBeOverridden()) {
                result.setVerdict(Verdict.VERDICT_OVERRIDDEN).setOverrideReason(override);
            } else if (!check.mayBeOverridden()) {
                failedForGood = true;
            }
        }
        return result.build();
    }

    public List<CheckResult> results() {
        return List.copyOf(results);
    }

    public List<CheckResult> failed() {
        return results.stream()
                .filter(result -> result.getVerdict() == Verdict.VERDICT_FAILED)
                .toList();
    }

    public List<CheckResult> overridden() {
        return results.stream()
                .filter(result -> result.getVerdict() == Verdict.VERDICT_OVERRIDDEN)
                .toList();
    }

    /**
     * Returns if no check failed.
     *
     * @throws PublisherException naming every check that failed: {@code REFUSED} as a rule, {@code DATA_LOSS} when the
     *     store does not hold what was written, or what kept a check from running
     */
    public void requirePassed(String dataset) {
        List<CheckResult> failed = failed();
        if (failed.isEmpty()) {
            return;
        }
        StringJoiner all = new StringJoiner("; ");
        failed.forEach(result -> all.add(result.getCheck() + ": " + result.getDetail()));
        PublisherException error = firstError;
        if (error != null) {
            throw new PublisherException(error.category(), error.code(), dataset + ": not published: " + all, error);
        }
        if (failedForGood) {
            throw new PublisherException(
                    Category.DATA_LOSS,
                    "VERIFICATION_FAILED",
                    dataset + ": not published, the store does not hold what was written: " + all);
        }
        throw new PublisherException(
                Category.REFUSED,
                "CHECK_FAILED",
                dataset + ": not published: " + all
                        + "; correct the data, or let it pass with --override CHECK --reason TEXT");
    }
}
