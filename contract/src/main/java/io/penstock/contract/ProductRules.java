package io.penstock.contract;

import com.google.protobuf.Descriptors.Descriptor;
import io.penstock.contract.ContractException.Code;
import io.penstock.contract.v1.ContractProto;
import io.penstock.contract.v1.DataProduct;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The checked {@code data_product} option of a message.
 *
 * @param where file and message, for refusals
 */
record ProductRules(String where, DataProduct product, int major) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,99}");
    private static final Pattern PACKAGE_WITH_MAJOR = Pattern.compile(".+\\.v([1-9][0-9]{0,8})");

    static ProductRules of(Descriptor message, RefusalPlace place) {
        String where = place.of(message);
        if (!message.getOptions().hasExtension(ContractProto.dataProduct)) {
            throw new ContractException(
                    Code.NOT_A_CONTRACT,
                    where + ": has no option (penstock.contract.v1.data_product) (expected: one with name and owner)");
        }
        String syntax = message.getFile().toProto().getSyntax();
        if (!syntax.equals("proto3")) {
            throw new ContractException(
                    Code.NOT_PROTO3,
                    where + ": its file's syntax is '" + (syntax.isEmpty() ? "proto2" : syntax)
                            + "' (expected: syntax = \"proto3\")");
        }
        DataProduct product = message.getOptions().getExtension(ContractProto.dataProduct);
        if (!NAME.matcher(product.getName()).matches()) {
            throw new ContractException(
                    Code.INVALID_NAME,
                    where + ": data_product.name: '" + product.getName()
                            + "' (expected: 1 to 100 characters of [a-z0-9-], the first a letter)");
        }
        if (product.getOwner().isBlank()) {
            throw new ContractException(
                    Code.NO_OWNER,
                    where + ": data_product.owner: '" + product.getOwner()
                            + "' (expected: the team that answers for the data)");
        }
        return new ProductRules(where, product, major(where, message.getFile().getPackage()));
    }

    private static int major(String where, String packageName) {
        Matcher matcher = PACKAGE_WITH_MAJOR.matcher(packageName);
        if (!matcher.matches()) {
            throw new ContractException(
                    Code.NO_MAJOR_VERSION,
                    where + ": package: '" + packageName
                            + "' (expected: one that ends in the major version, such as shop.orders.v1)");
        }
        return Integer.parseInt(matcher.group(1));
    }

    /** Reads one of the option's durations; an empty one is no promise. */
    Optional<Duration> duration(String option, String value) {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Optional<Duration> duration = Durations.parse(value);
        if (duration.isEmpty()) {
            throw new ContractException(
                    Code.INVALID_DURATION,
                    where + ": data_product." + option + ": '" + value
                            + "' (expected: whole numbers with the units d, h, m, s, ms, the largest first, above 0 and"
                            + " up to " + Durations.MAX.toDays() + "d, such as 26h, 1d12h or 5ms)");
        }
        return duration;
    }
}
