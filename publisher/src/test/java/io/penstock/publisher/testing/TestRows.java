package io.penstock.publisher.testing;

import io.penstock.contract.Contract;
import io.penstock.publisher.DeltaBase;
import io.penstock.publisher.RowCursor;
import io.penstock.publisher.RowMark;
import io.penstock.publisher.RowSource;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Rows in the heap. Values are any text: the publisher never looks into them. */
public final class TestRows implements RowSource {
    private final List<Map.Entry<String, String>> rows;
    private final @Nullable Instant dataAsOf;
    private final IntPredicate nameIsNull;
    private final Function<String, RowMark> marks;
    private final @Nullable DeltaBase base;

    private TestRows(
            List<Map.Entry<String, String>> rows,
            @Nullable Instant dataAsOf,
            IntPredicate nameIsNull,
            Function<String, RowMark> marks,
            @Nullable DeltaBase base) {
        this.rows = rows;
        this.dataAsOf = dataAsOf;
        this.nameIsNull = nameIsNull;
        this.marks = marks;
        this.base = base;
    }

    private TestRows(List<Map.Entry<String, String>> rows) {
        this(rows, null, row -> false, key -> RowMark.PLAIN, null);
    }

    public static TestRows of(Map<String, String> rows) {
        return new TestRows(List.copyOf(rows.entrySet()));
    }

    /** Rows of which several may have the same key. */
    public static TestRows of(List<Map.Entry<String, String>> rows) {
        return new TestRows(new ArrayList<>(rows));
    }

    public TestRows asOf(Instant declared) {
        return new TestRows(rows, declared, nameIsNull, marks, base);
    }

    /** In which rows, counted from 0, the source has NULL in the field {@code name}. */
    public TestRows nameIsNull(IntPredicate isNull) {
        return new TestRows(rows, dataAsOf, isNull, marks, base);
    }

    /** What each row does and when it expires, by its key. */
    public TestRows marked(Function<String, RowMark> newMarks) {
        return new TestRows(rows, dataAsOf, nameIsNull, newMarks, base);
    }

    /** What they begin from, as a delta. */
    public TestRows since(DeltaBase newBase) {
        return new TestRows(rows, dataAsOf, nameIsNull, marks, newBase);
    }

    @Override
    public Optional<DeltaBase> readBase() {
        return Optional.ofNullable(base);
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
            public RowMark mark() {
                return marks.apply(rows.get(at).getKey());
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
