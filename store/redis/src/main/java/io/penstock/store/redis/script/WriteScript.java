package io.penstock.store.redis.script;

import java.nio.charset.StandardCharsets;

/**
 * Scripts that may write when the memory is full: a rollback, a heartbeat, a slot given back take next to nothing, and must
 * not wait until somebody has made room.
 *
 * <h2>How</h2>
 *
 * Redis never stops a script in the middle, so for want of memory it refuses only a script's first write. These scripts begin
 * with a write that takes no memory and is not refused; what follows is not looked at any more. That is so in every version
 * since 6.2. Redis 7 has a declaration for the same, {@code #!lua flags=allow-oom}, which 6.2 takes for a syntax error: two
 * scripts, and having to know which server understands which, would buy nothing.
 *
 * <p>What else a server may have against a write (it is a replica, its disk is full) it also says to the first one. That is
 * handed on as it is said to a plain command, without the line number that 6.2 puts before it.
 *
 * <p>They are sent whole ({@code EVAL}): a few hundred bytes a second, and no server that has never heard of a script.
 */
public final class WriteScript {
    private WriteScript() {}

    /**
     * A script.
     *
     * @param before what comes before any write
     * @param firstWrite the arguments of {@code redis.pcall}; a command that takes no memory
     * @param then what it is about
     */
    public static byte[] of(String before, String firstWrite, String then) {
        String script = before
                + "local refused = redis.pcall(" + firstWrite + ")\n"
                + "if type(refused) == 'table' then\n"
                + "  refused.err = string.gsub(refused.err, '^@user_script: %d+: %-?', '')\n"
                + "  return refused\n"
                + "end\n"
                + then;
        return script.getBytes(StandardCharsets.US_ASCII);
    }
}
