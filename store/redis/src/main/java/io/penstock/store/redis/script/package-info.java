/**
 * What the Lua scripts of catalog, presence and barrier have in common.
 *
 * <p>Starting points: {@link io.penstock.store.redis.script.WriteScript}.
 */
@NullMarked
package io.penstock.store.redis.script;

import org.jspecify.annotations.NullMarked;
