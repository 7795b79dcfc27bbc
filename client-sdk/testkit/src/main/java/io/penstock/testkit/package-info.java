/**
 * A real serving stack in one JVM, for tests of services that read data products: the publisher, the server and the client
 * as they run in production, on a store in memory that a test can break.
 *
 * <p>Starting points: {@link io.penstock.testkit.PenstockExtension} for JUnit, {@link io.penstock.testkit.PenstockKit} for
 * anything else.
 */
@NullMarked
package io.penstock.testkit;

import org.jspecify.annotations.NullMarked;
