/**
 * Requests and responses of the read path on the protobuf wire: requests are walked in place, responses written in
 * pieces, and no message object is built. Confined to one loop; hot.
 *
 * <p>Starting points: {@link io.penstock.serving.read.codec.GetRequestDecoder}, {@link
 * io.penstock.serving.read.codec.BatchGetRequestDecoder}, {@link io.penstock.serving.read.codec.WireWriter}.
 */
@NullMarked
package io.penstock.serving.read.codec;

import org.jspecify.annotations.NullMarked;
