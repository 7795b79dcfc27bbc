/**
 * What generated clients are made of. A generated client names its key, its fields and its dataset; all it does is here.
 *
 * <p>Starting points: {@link io.penstock.client.typed.DatasetClient} has every method that does not depend on the
 * contract, {@link io.penstock.client.typed.ReadSetup} what a client is made from.
 */
@NullMarked
package io.penstock.client.typed;

import org.jspecify.annotations.NullMarked;
