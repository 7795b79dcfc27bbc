package io.penstock.protoc;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.GeneratorNames;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The top-level Java types that protoc generates for some files, by their full names. */
final class DeclaredTypes {
    private final Set<String> names = new HashSet<>();

    DeclaredTypes(List<FileDescriptorProto> files) {
        for (FileDescriptorProto file : files) {
            String scope = GeneratorNames.getFileJavaPackage(file) + ".";
            names.add(scope + GeneratorNames.getFileClassName(file));
            if (file.getOptions().getJavaMultipleFiles()) {
                for (DescriptorProto message : file.getMessageTypeList()) {
                    names.add(scope + message.getName());
                    names.add(scope + message.getName() + "OrBuilder");
                }
                for (EnumDescriptorProto type : file.getEnumTypeList()) {
                    names.add(scope + type.getName());
                }
            }
        }
    }

    boolean contains(String qualifiedName) {
        return names.contains(qualifiedName);
    }
}
