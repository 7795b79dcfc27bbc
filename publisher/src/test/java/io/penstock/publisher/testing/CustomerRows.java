package io.penstock.publisher.testing;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import io.penstock.contract.Contract;
import io.penstock.publisher.RowCursor;
import io.penstock.publisher.RowSource;
import io.penstock.publisher.TestContracts;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Real rows in the heap, of the contract {@code customer.v1}: id, name, spend. */
public final class CustomerRows implements RowSource {
    private final List<DynamicMessage> rows = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    private @Nullable Instant dataAsOf;

    public CustomerRows add(long id, String name, long spendCents) {
        Descriptor message = TestContracts.CUSTOMER.descriptor();
        rows.add(DynamicMessage.newBuilder(message)
                .setField(message.findFieldByName("customer_id"), id)
                .setField(message.findFieldByName("name"), name)
                .setField(message.findFieldByName("spend_cents"), spendCents)
                .build());
        keys.add(String.valueOf(id));
        return this;
    }

    public CustomerRows asOf(Instant declared) {
        dataAsOf = declared;
        return this;
    }

    @Override
    public String describe() {
        return "customers in the heap";
    }

    @Override
    public Optional<Instant> readDataAsOf() {
        return Optional.ofNullable(dataAsOf);
    }

    @Override
    public RowCursor open(Contract contract) {
        return new RowCursor() {
            private int at = -1;

            @Override
            public boolean next() {
                return ++at < rows.size();
            }

            @Override
            public byte[] key() {
                return keys.get(at).getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public byte[] value() {
                return rows.get(at).toByteArray();
            }

            @Override
            public long rowNumber() {
                return at + 1L;
            }

            @Override
            public boolean isNull(int fieldIndex) {
                return fieldIndex == 3;
            }

            @Override
            public void close() {}
        };
    }
}
