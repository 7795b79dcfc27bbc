/** Tests of the generator on the contracts in {@code src/test/contracts}. */
@NullMarked
package io.penstock.protoc;

import org.jspecify.annotations.NullMarked;
