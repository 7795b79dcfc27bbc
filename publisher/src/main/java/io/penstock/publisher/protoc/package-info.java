/**
 * Compiles contracts with the real {@code protoc}, run as a child process, so that what is accepted here is what every
 * other protobuf tool accepts.
 *
 * <p>Starting points: {@link io.penstock.publisher.protoc.ContractCompiler}.
 */
@NullMarked
package io.penstock.publisher.protoc;

import org.jspecify.annotations.NullMarked;
