package io.penstock.protoc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.GeneratorNames;
import io.penstock.contract.Contract;
import io.penstock.contract.v1.Lifecycle;
import java.util.List;

/**
 * A contract with the Java names of what is generated for it.
 *
 * @param javaPackage the package of the message's class
 * @param messageClass the full name of the message's class, as Java code writes it
 * @param name what the generated names begin with: the message's name, after those of the messages around it
 * @param keys one a key field, in the order of the field numbers
 * @param fields one a field of the message, in its order
 */
record Product(
        Contract contract,
        String javaPackage,
        String messageClass,
        String name,
        List<KeyParameter> keys,
        List<FieldConstant> fields) {

    static Product of(Contract contract) {
        Descriptor message = contract.descriptor();
        return new Product(
                contract,
                GeneratorNames.getFileJavaPackage(message.getFile()),
                GeneratorNames.getQualifiedClassName(message),
                nestedName(message),
                KeyParameter.of(contract),
                FieldConstant.of(contract));
    }

    private static String nestedName(Descriptor message) {
        Descriptor around = message.getContainingType();
        return around == null ? message.getName() : nestedName(around) + message.getName();
    }

    String file() {
        return contract.descriptor().getFile().getName();
    }

    String clientName() {
        return name + "Client";
    }

    boolean hasKeyRecord() {
        return keys.size() > 1;
    }

    String keyName() {
        return name + "Key";
    }

    /** Whether the message's class cannot be used without a warning. */
    private boolean isMessageDeprecated() {
        for (Descriptor around = contract.descriptor(); around != null; around = around.getContainingType()) {
            if (around.getOptions().getDeprecated()) {
                return true;
            }
        }
        return false;
    }

    private boolean isProductDeprecated() {
        return contract.promises().getLifecycle().getStage() == Lifecycle.Stage.STAGE_DEPRECATED;
    }

    boolean isDeprecated() {
        return isProductDeprecated() || isMessageDeprecated();
    }

    /** Why not to use what is generated, and what instead. */
    String deprecation() {
        if (!isProductDeprecated()) {
            return "The contract's message is deprecated.";
        }
        Lifecycle lifecycle = contract.promises().getLifecycle();
        String until = "The data product may be gone from " + lifecycle.getEndsOn() + " on";
        return lifecycle.getSuccessor().isEmpty()
                ? until + "."
                : until + "; read {@code " + lifecycle.getSuccessor() + "} instead.";
    }
}
