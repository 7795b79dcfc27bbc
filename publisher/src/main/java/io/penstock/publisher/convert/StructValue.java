package io.penstock.publisher.convert;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row within a row: what SQL calls a STRUCT or ROW, its members by name. A SQL MAP is a {@link Map}. */
public record StructValue(Map<String, @Nullable Object> members) {}
