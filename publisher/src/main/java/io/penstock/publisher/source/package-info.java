/**
 * Reads rows from a SQL database through JDBC: an embedded DuckDB over local files, or any warehouse with a driver.
 *
 * <p>Starting points: {@link io.penstock.publisher.source.JdbcRowSource}; {@link
 * io.penstock.publisher.source.Redaction} is what keeps secrets and values out of what people see.
 */
@NullMarked
package io.penstock.publisher.source;

import org.jspecify.annotations.NullMarked;
