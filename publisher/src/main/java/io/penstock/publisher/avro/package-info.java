/**
 * Reads rows from Avro object container files.
 *
 * <p>Starting points: {@link io.penstock.publisher.avro.AvroRowSource}; {@link io.penstock.publisher.avro.AvroContainer} says
 * why the files are not opened by Avro's own reader; {@link io.penstock.publisher.avro.AvroValues} is what becomes of each
 * type.
 */
@NullMarked
package io.penstock.publisher.avro;

import org.jspecify.annotations.NullMarked;
