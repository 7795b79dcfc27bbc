package io.penstock.store.testkit;

/** What happens to an operation instead of its going well. */
public enum Fault {
    /** Nothing happens; it fails with {@code UNREACHABLE}. */
    UNREACHABLE,
    /** Nothing happens; it fails with {@code OVERLOADED}. */
    OVERLOADED,
    /** Nothing happens; it fails with {@code FULL}. */
    FULL,
    /** Nothing happens; it fails with {@code UNSAFE}, as a health check does on a store that may lose data. */
    UNSAFE,
    /** It never happens, but who asked cannot know: a compare-and-set is {@code UNKNOWN}, else {@code UNREACHABLE}. */
    REQUEST_LOST,
    /** It happens, but who asked cannot know. */
    REPLY_LOST,
    /** It happens at {@link Faults#release}; who asked is told at once that the outcome cannot be known. */
    DELAYED,
    /** It happens, and is answered, at {@link Faults#release}: a frozen store. Blocking operations block. */
    FROZEN,
    /** It happens now and is answered at {@link Faults#release}: a slow reply. Blocking operations block. */
    SLOW
}
