/**
 * The {@code penstock} command: the only place where everything is wired together.
 *
 * <p>Starting points: {@link io.penstock.cli.Penstock} is main, {@link io.penstock.cli.ExitCode} says how it ends,
 * {@link io.penstock.cli.command} holds one class a command.
 */
@NullMarked
package io.penstock.cli;

import org.jspecify.annotations.NullMarked;
