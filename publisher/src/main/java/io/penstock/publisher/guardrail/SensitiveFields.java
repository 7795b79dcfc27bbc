package io.penstock.publisher.guardrail;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.contract.v1.ContractProto;
import io.penstock.contract.v1.FieldRules;
import io.penstock.contract.v1.Sensitivity;
import io.penstock.storage.v1.FieldProfile;

/**
 * Fields whose single values must not be kept or shown: the key's, personal ones, secrets. The smallest and the largest
 * value are single values; counts and means are not.
 */
public final class SensitiveFields {
    private SensitiveFields() {}

    static boolean contains(FieldDescriptor field) {
        FieldRules rules = field.getOptions().getExtension(ContractProto.field);
        return rules.getKey()
                || rules.getSensitivity() == Sensitivity.SENSITIVITY_PERSONAL
                || rules.getSensitivity() == Sensitivity.SENSITIVITY_SECRET;
    }

    /** What may be kept of a field's profile. */
    public static FieldProfile kept(FieldProfile profile, Descriptor message) {
        FieldDescriptor field = message.findFieldByNumber(profile.getField());
        return field != null && contains(field)
                ? profile.toBuilder().clearMin().clearMax().build()
                : profile;
    }
}
