/**
 * The publication file: what to publish, from where, under which contract, as strict YAML.
 *
 * <p>Starting points: {@link io.penstock.publisher.file.PublicationFile} reads one, {@link
 * io.penstock.publisher.file.PublicationSpec} is what it says.
 */
@NullMarked
package io.penstock.publisher.file;

import org.jspecify.annotations.NullMarked;
