/**
 * What the commands print, for people and for programs.
 *
 * <p>Starting points: {@link io.penstock.cli.output.Console} is where it goes, {@link io.penstock.cli.output.Table} and
 * {@link io.penstock.cli.output.Json} are its two forms.
 */
@NullMarked
package io.penstock.cli.output;

import org.jspecify.annotations.NullMarked;
