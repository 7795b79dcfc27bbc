/**
 * One class a command: options in, one call of a module, a table or JSON out.
 *
 * <p>Starting points: {@link io.penstock.cli.command.Command} is what they share.
 */
@NullMarked
package io.penstock.cli.command;

import org.jspecify.annotations.NullMarked;
