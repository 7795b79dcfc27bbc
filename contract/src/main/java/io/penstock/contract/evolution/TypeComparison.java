package io.penstock.contract.evolution;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.penstock.contract.Contract;
import org.jspecify.annotations.Nullable;

/** Compares every message and enum that rows of the earlier contract hold with its namesake in the later one. */
record TypeComparison(Findings findings, Announcements announcements) {
    void compare(Contract before, Contract after) {
        ReachedTypes reached = ReachedTypes.from(before.descriptor());
        DeclaredTypes declared = DeclaredTypes.of(after.descriptor().getFile());
        for (FileDescriptor file : reached.files()) {
            comparePackages(file, declared.files.get(file.getName()));
        }
        MessageComparison messages = new MessageComparison(findings, announcements);
        for (Descriptor message : reached.messages()) {
            Descriptor successor = declared.messages.get(message.getFullName());
            if (successor != null) {
                messages.compare(message, successor);
            }
        }
        EnumComparison enums = new EnumComparison(findings, announcements);
        for (EnumDescriptor type : reached.enums()) {
            EnumDescriptor successor = declared.enums.get(type.getFullName());
            if (successor != null) {
                enums.compare(type, successor);
            }
        }
    }

    private void comparePackages(FileDescriptor before, @Nullable FileDescriptor after) {
        if (after != null && !before.getPackage().equals(after.getPackage())) {
            findings.add(
                    EvolutionRule.FILE_SAME_PACKAGE,
                    after,
                    "was in the package " + before.getPackage() + " and is in " + after.getPackage(),
                    FileDescriptorProto.PACKAGE_FIELD_NUMBER);
        }
    }
}
