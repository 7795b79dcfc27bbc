/**
 * What a data product promises, read from a protobuf message and its options; how its keys are written down; and which
 * changes its readers survive.
 *
 * <p>Starting points: {@link io.penstock.contract.Contract} is the model, {@link io.penstock.contract.KeyEncoding} the
 * frozen form of keys; {@link io.penstock.contract.evolution} compares contracts of one dataset.
 */
@NullMarked
package io.penstock.contract;

import org.jspecify.annotations.NullMarked;
