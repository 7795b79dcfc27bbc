package io.penstock.contract.evolution;

import com.google.protobuf.DescriptorProtos.FeatureSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import org.jspecify.annotations.Nullable;

/** Whether protobuf vouches for the JSON of a type. */
enum JsonFormat {
    ALLOWED,
    BEST_EFFORT;

    static JsonFormat of(Descriptor message) {
        return of(message.getOptions().getFeatures(), message.getContainingType(), message.getFile());
    }

    static JsonFormat of(EnumDescriptor type) {
        return of(type.getOptions().getFeatures(), type.getContainingType(), type.getFile());
    }

    private static JsonFormat of(FeatureSet features, @Nullable Descriptor around, FileDescriptor file) {
        String syntax = file.toProto().getSyntax();
        if (!syntax.equals("editions")) {
            return syntax.equals("proto3") ? ALLOWED : BEST_EFFORT;
        }
        if (features.hasJsonFormat()) {
            return of(features);
        }
        if (around != null) {
            return of(around);
        }
        FeatureSet inherited = file.toProto().getOptions().getFeatures();
        return inherited.hasJsonFormat() ? of(inherited) : ALLOWED;
    }

    private static JsonFormat of(FeatureSet features) {
        return features.getJsonFormat() == FeatureSet.JsonFormat.ALLOW ? ALLOWED : BEST_EFFORT;
    }
}
