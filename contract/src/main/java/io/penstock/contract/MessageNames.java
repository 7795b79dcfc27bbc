package io.penstock.contract;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import io.penstock.contract.v1.ContractProto;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The full names of the messages a file declares, nested ones included. */
final class MessageNames {
    private MessageNames() {}

    static List<String> in(FileDescriptorProto file) {
        return in(file, message -> true);
    }

    static List<String> contractsIn(FileDescriptorProto file) {
        return in(file, message -> message.getOptions().hasExtension(ContractProto.dataProduct));
    }

    private static List<String> in(FileDescriptorProto file, Predicate<DescriptorProto> wanted) {
        List<String> names = new ArrayList<>();
        collect(file.getPackage(), file.getMessageTypeList(), wanted, names);
        return names;
    }

    private static void collect(
            String scope, List<DescriptorProto> messages, Predicate<DescriptorProto> wanted, List<String> names) {
        for (DescriptorProto message : messages) {
            String name = scope.isEmpty() ? message.getName() : scope + "." + message.getName();
            if (wanted.test(message)) {
                names.add(name);
            }
            collect(name, message.getNestedTypeList(), wanted, names);
        }
    }
}
