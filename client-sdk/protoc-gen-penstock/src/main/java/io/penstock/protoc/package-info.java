/**
 * A protoc plugin that writes a typed Java client for each contract.
 *
 * <p>Starting points: {@link io.penstock.protoc.PenstockPlugin} is what protoc runs, {@link io.penstock.protoc.Generator}
 * turns its request into a response, {@link io.penstock.protoc.ClientSource} is the text of a client.
 */
@NullMarked
package io.penstock.protoc;

import org.jspecify.annotations.NullMarked;
