package io.penstock.serving.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** One setting: a component of a configuration record, with the default it has and the sentence the documentation gives. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Setting {
    /** The default as it would stand in the file. Empty: not set. */
    String defaults();

    /** What it does, for {@code docs/configuration.md}. */
    String says();

    /** The environment variable's name. Empty: {@code PENSTOCK_} and the key, upper case, dots as underscores. */
    String environment() default "";
}
