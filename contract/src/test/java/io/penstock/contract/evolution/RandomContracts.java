package io.penstock.contract.evolution;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto.ReservedRange;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto.EnumReservedRange;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import io.penstock.contract.TestContracts;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Contracts that are drawn: an array of numbers says what each field, value and reservation is, so that a few other numbers
 * make a contract that changed a little.
 */
final class RandomContracts {
    private static final int GENES = 80;
    private static final int CHANGED_PERCENT = 8;
    private static final int FIELDS_END = 7;
    private static final int VALUES_END = 5;
    private static final List<FieldDescriptorProto.Type> SCALARS = List.of(
            FieldDescriptorProto.Type.TYPE_INT32,
            FieldDescriptorProto.Type.TYPE_UINT32,
            FieldDescriptorProto.Type.TYPE_INT64,
            FieldDescriptorProto.Type.TYPE_UINT64,
            FieldDescriptorProto.Type.TYPE_SINT32,
            FieldDescriptorProto.Type.TYPE_SFIXED32,
            FieldDescriptorProto.Type.TYPE_FIXED32,
            FieldDescriptorProto.Type.TYPE_STRING,
            FieldDescriptorProto.Type.TYPE_BYTES,
            FieldDescriptorProto.Type.TYPE_BOOL);

    private final String packageName;
    private final int[] genes;
    private int next;

    private RandomContracts(String packageName, int[] genes) {
        this.packageName = packageName;
        this.genes = genes;
    }

    static int[] genes(Random random) {
        return random.ints(GENES, 0, 1000).toArray();
    }

    static int[] changed(int[] genes, Random random) {
        int[] changed = genes.clone();
        for (int i = 0; i < changed.length; i++) {
            if (random.nextInt(100) < CHANGED_PERCENT) {
                changed[i] = random.nextInt(1000);
            }
        }
        return changed;
    }

    /** The file {@code <name>.proto} of package {@code fuzz.<name>.v1} with the contract {@code Order}. */
    static FileDescriptorProto file(String name, int[] genes) {
        String packageName = "fuzz." + name + ".v1";
        RandomContracts contract = new RandomContracts(packageName, genes);
        FileDescriptorProto.Builder file =
                TestContracts.file("").toBuilder().setName(name + ".proto").setPackage(packageName);
        DescriptorProto.Builder order = TestContracts.file(
                "message_type { name: 'Order' " + TestContracts.PRODUCT_OPTION + TestContracts.KEY_FIELD + " }")
                .getMessageType(0)
                .toBuilder();
        contract.addFields(order);
        // buf also looks at types that no row can hold; these make sure that there are none.
        order.addField(field("state", 20, FieldDescriptorProto.Type.TYPE_ENUM)
                        .setTypeName("." + packageName + ".State"))
                .addField(field("inner", 21, FieldDescriptorProto.Type.TYPE_ENUM)
                        .setTypeName("." + packageName + ".Line.State"))
                .addField(field("line", 22, FieldDescriptorProto.Type.TYPE_MESSAGE)
                        .setTypeName("." + packageName + ".Line"));
        return file.addMessageType(order)
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("Line")
                        .addField(field("pieces", 1, contract.scalar()))
                        .addEnumType(contract.state()))
                .addEnumType(contract.state())
                .build();
    }

    private int gene(int bound) {
        return genes[next++] % bound;
    }

    private FieldDescriptorProto.Type scalar() {
        return SCALARS.get(gene(SCALARS.size()));
    }

    private void addFields(DescriptorProto.Builder order) {
        List<FieldDescriptorProto.Builder> synthetic = new ArrayList<>();
        List<FieldDescriptorProto.Builder> members = new ArrayList<>();
        for (int number = 2; number < FIELDS_END; number++) {
            boolean present = gene(5) > 0;
            String name = (gene(6) > 0 ? "f" : "g") + number;
            boolean renamedInJson = gene(8) == 0;
            int kind = gene(5);
            FieldDescriptorProto.Type scalar = scalar();
            int shape = gene(4);
            boolean keepNumber = gene(3) > 0;
            boolean keepName = gene(3) > 0;
            if (!present) {
                reserve(order, keepNumber ? number : 0, keepName ? "f" + number : "");
                continue;
            }
            FieldDescriptorProto.Builder field = field(name, number, scalar);
            if (renamedInJson) {
                field.setJsonName("x" + number);
            }
            switch (kind) {
                case 0 -> field.setType(FieldDescriptorProto.Type.TYPE_ENUM).setTypeName("." + packageName + ".State");
                case 1 ->
                    field.setType(FieldDescriptorProto.Type.TYPE_ENUM).setTypeName("." + packageName + ".Line.State");
                case 2 ->
                    field.setType(FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName("." + packageName + ".Line");
                default -> {
                    // A scalar.
                }
            }
            if (shape == 1) {
                field.setLabel(Label.LABEL_REPEATED);
            } else if (shape == 2) {
                members.add(field.setOneofIndex(0));
                continue;
            } else if (shape == 3) {
                field.setProto3Optional(true);
                synthetic.add(field);
                continue;
            }
            order.addField(field);
        }
        // A oneof's fields stand together, and before those whose oneof only says that they are optional.
        members.forEach(order::addField);
        if (!members.isEmpty()) {
            order.addOneofDecl(OneofDescriptorProto.newBuilder().setName("pay"));
        }
        for (FieldDescriptorProto.Builder field : synthetic) {
            field.setOneofIndex(order.getOneofDeclCount());
            order.addField(field).addOneofDecl(OneofDescriptorProto.newBuilder().setName("_" + field.getName()));
        }
    }

    private static void reserve(DescriptorProto.Builder message, int number, String name) {
        if (number > 0) {
            message.addReservedRange(ReservedRange.newBuilder().setStart(number).setEnd(number + 1));
        }
        if (!name.isEmpty()) {
            message.addReservedName(name);
        }
    }

    private EnumDescriptorProto.Builder state() {
        EnumDescriptorProto.Builder type =
                EnumDescriptorProto.newBuilder().setName("State").addValue(value("STATE_ZERO", 0));
        for (int number = 1; number < VALUES_END; number++) {
            int names = gene(8);
            boolean keepNumber = gene(3) > 0;
            boolean keepName = gene(3) > 0;
            if (names == 0) {
                if (keepNumber) {
                    type.addReservedRange(
                            EnumReservedRange.newBuilder().setStart(number).setEnd(number));
                }
                if (keepName) {
                    type.addReservedName("STATE_A" + number);
                }
                continue;
            }
            if (names != 1) {
                type.addValue(value("STATE_A" + number, number));
            }
            if (names <= 2) {
                type.addValue(value("STATE_B" + number, number));
            }
            if (names == 2) {
                type.getOptionsBuilder().setAllowAlias(true);
            }
        }
        return type;
    }

    private static EnumValueDescriptorProto.Builder value(String name, int number) {
        return EnumValueDescriptorProto.newBuilder().setName(name).setNumber(number);
    }

    private static FieldDescriptorProto.Builder field(String name, int number, FieldDescriptorProto.Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setJsonName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(Label.LABEL_OPTIONAL);
    }
}
