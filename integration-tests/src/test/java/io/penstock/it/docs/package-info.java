/** Pages of the documentation, carried out as a reader would: files written, commands run, outputs compared. */
@NullMarked
package io.penstock.it.docs;

import org.jspecify.annotations.NullMarked;
