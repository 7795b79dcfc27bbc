package io.penstock.publisher.testing;

import io.penstock.contract.Contract;
import io.penstock.publisher.RowCursor;
import io.penstock.publisher.RowSource;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Rows in the heap. Values are any text: the publisher never looks into them. */
public final class TestRows implements RowSource {
    private final List<Map.Entry<String, String>> rows;
    private final @Nullable Instant dataAsOf;
    private final IntPredicate nameIsNull;

    private TestRows(List<Map.Entry<String, String>> rows, @Nullable Instant dataAsOf, IntPredicate nameIsNull) {
        this.rows = rows;
        this.dataAsOf = dataAsOf;
        this.nameIsNull = nameIsNull;
    }

    public static TestRows of(Map<String, String> rows) {
        return new TestRows(List.copyOf(rows.entrySet()), null, row -> false);
    }

    /** Rows of which several may have the same key. */
    public static TestRows of(List<Map.Entry<String, String>> rows) {
        return new TestRows(new ArrayList<>(rows), null, row -> false);
    }

    public TestRows asOf(Instant declared) {
        return new TestRows(rows, declared, nameIsNull);
    }

    /** In which rows, counted from 0, the source has NULL in the field {@code name}. */
    public TestRows nameIsNull(IntPredicate isNull) {
        return new TestRows(rows, dataAsOf, isNull);
    }

    @Override
    public String describe() {
        return "rows in the heap";
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
                return rows.get(at).getKey().getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public byte[] value() {
                return rows.get(at).getValue().getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public long rowNumber() {
                return at + 1L;
            }

            @Override
            public boolean isNull(int fieldIndex) {
                return fieldIndex == 1 && nameIsNull.test(at);
            }

            @Override
            public void close() {}
        };
    }
}
