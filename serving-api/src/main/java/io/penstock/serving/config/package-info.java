/**
 * The server's settings: one strict YAML file, overridden key by key by the environment and then by flags.
 *
 * <p>Starting points: {@link io.penstock.serving.config.ServingConfig} holds every setting with its default;
 * {@link io.penstock.serving.config.Setting} is what a setting says of itself.
 */
@NullMarked
package io.penstock.serving.config;

import org.jspecify.annotations.NullMarked;
