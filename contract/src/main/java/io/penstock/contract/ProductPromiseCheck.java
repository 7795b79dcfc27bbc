package io.penstock.contract;

import io.penstock.contract.ContractException.Code;
import io.penstock.contract.v1.Checks;
import io.penstock.contract.v1.DataProduct;
import io.penstock.contract.v1.Lifecycle;
import io.penstock.contract.v1.Lifecycle.Stage;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Pattern;

/**
 * Checks what a {@code data_product} option says beyond names and durations.
 *
 * @param where file, line and message, for refusals
 */
record ProductPromiseCheck(String where) {
    private static final Pattern AVAILABILITY = Pattern.compile("\\d{1,2}(\\.\\d{1,6})?%");
    private static final Pattern DATASET = Pattern.compile("[a-z][a-z0-9-]{0,99}\\.v[1-9][0-9]{0,8}");
    private static final double PERCENT_MAX = 100;

    void check(DataProduct product, String dataset, KeyEncoding keys) {
        checkLink(product.getDocumentation());
        checkAvailability(product.getAvailability());
        checkLifecycle(product.getLifecycle(), dataset);
        checkChecks(product.getChecks(), keys);
    }

    private void checkLink(String link) {
        if (!link.isEmpty() && !isLink(link)) {
            throw refused(Code.INVALID_LINK, "documentation", "'" + link + "'", "an http or https link");
        }
    }

    private static boolean isLink(String link) {
        try {
            URI uri = new URI(link);
            boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            return web && uri.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private void checkAvailability(String availability) {
        boolean share = AVAILABILITY.matcher(availability).matches()
                && Double.parseDouble(availability.substring(0, availability.length() - 1)) > 0;
        if (!availability.isEmpty() && !share) {
            throw refused(
                    Code.INVALID_AVAILABILITY,
                    "availability",
                    "'" + availability + "'",
                    "a share of calls above 0% and below 100%, such as 99.9%");
        }
    }

    private void checkLifecycle(Lifecycle lifecycle, String dataset) {
        if (lifecycle.getStage() == Stage.UNRECOGNIZED) {
            return; // a newer Penstock's, which UnknownOptions refuses unless it is stored
        }
        String endsOn = lifecycle.getEndsOn();
        String successor = lifecycle.getSuccessor();
        if (lifecycle.getStage() != Stage.STAGE_DEPRECATED) {
            if (!endsOn.isEmpty() || !successor.isEmpty()) {
                throw refused(
                        Code.INVALID_LIFECYCLE,
                        "lifecycle." + (endsOn.isEmpty() ? "successor" : "ends_on"),
                        "'" + (endsOn.isEmpty() ? successor : endsOn) + "' of a product that stays",
                        "stage: STAGE_DEPRECATED beside it");
            }
            return;
        }
        if (!isDate(endsOn)) {
            throw refused(
                    Code.INVALID_LIFECYCLE,
                    "lifecycle.ends_on",
                    "'" + endsOn + "'",
                    "the first day the product may be gone, such as 2027-06-30");
        }
        boolean another = successor.isEmpty() || (DATASET.matcher(successor).matches() && !successor.equals(dataset));
        if (!another) {
            throw refused(
                    Code.INVALID_LIFECYCLE,
                    "lifecycle.successor",
                    "'" + successor + "'",
                    "another dataset, such as customer-360.v2");
        }
    }

    private static boolean isDate(String text) {
        try {
            return LocalDate.parse(text).getYear() > 0;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private void checkChecks(Checks checks, KeyEncoding keys) {
        boolean rows = checks.getMinRows() >= 0
                && checks.getMaxRows() >= 0
                && !(checks.hasMinRows() && checks.hasMaxRows() && checks.getMinRows() > checks.getMaxRows());
        if (!rows) {
            throw refused(
                    Code.INVALID_CHECKS,
                    "checks." + (checks.hasMinRows() ? "min_rows" : "max_rows"),
                    "min_rows: " + (checks.hasMinRows() ? checks.getMinRows() : "none") + ", max_rows: "
                            + (checks.hasMaxRows() ? checks.getMaxRows() : "none"),
                    "0 <= min_rows <= max_rows");
        }
        checkPercent("max_changed_percent", checks.getMaxChangedPercent());
        checkPercent("max_removed_percent", checks.getMaxRemovedPercent());
        for (int i = 0; i < checks.getCanaryKeysCount(); i++) {
            checkCanary(i, checks.getCanaryKeys(i), keys);
        }
    }

    private void checkPercent(String option, double percent) {
        boolean allowed = percent >= 0 && percent <= PERCENT_MAX;
        if (!allowed) {
            throw refused(Code.INVALID_CHECKS, "checks." + option, String.valueOf(percent), "0 to 100");
        }
    }

    /** The contract's author wrote the key into it; still, a message names its place rather than the key. */
    private void checkCanary(int index, String key, KeyEncoding keys) {
        try {
            keys.decode(key);
        } catch (ContractException e) {
            throw refused(
                    Code.INVALID_CHECKS,
                    "checks.canary_keys",
                    "number " + (index + 1) + " is not a key: " + e.getMessage(),
                    "keys as callers write them");
        }
    }

    private ContractException refused(Code code, String option, String found, String expected) {
        return new ContractException(
                code, where + ": data_product." + option + ": " + found + " (expected: " + expected + ")");
    }
}
