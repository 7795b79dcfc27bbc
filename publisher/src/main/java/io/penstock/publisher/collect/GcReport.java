package io.penstock.publisher.collect;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a collector did.
 *
 * @param collected versions whose blobs are gone
 * @param swept abandoned publications that were swept
 * @param forgotten how many of them will not be swept again
 * @param abandoned publications that were given up because their publishers were silent
 * @param blobsDeleted how many blobs were deleted; blobs that were not there do not count where the store knows
 * @param blocked versions that would be deleted if nobody held them
 * @param warnings for a person
 */
public record GcReport(
        List<Version> collected,
        List<Version> swept,
        int forgotten,
        List<Version> abandoned,
        long blobsDeleted,
        List<Blocked> blocked,
        List<String> warnings) {
    /** A version, or a publication that took a number. */
    public record Version(String dataset, long number) {}

    /**
     * A version that cannot be deleted yet.
     *
     * @param by who holds it: address, user, host and process id
     * @param since when it began to retire
     */
    public record Blocked(String dataset, long number, String by, Instant since) {}

    /** The report while the collector is at work. Not thread-safe. */
    static final class Draft {
        final List<Version> collected = new ArrayList<>();
        final List<Version> swept = new ArrayList<>();
        final List<Version> abandoned = new ArrayList<>();
        final List<Blocked> blocked = new ArrayList<>();
        final List<String> warnings = new ArrayList<>();
        int forgotten;

        GcReport finish(long blobsDeleted) {
            return new GcReport(
                    List.copyOf(collected),
                    List.copyOf(swept),
                    forgotten,
                    List.copyOf(abandoned),
                    blobsDeleted,
                    List.copyOf(blocked),
                    List.copyOf(warnings));
        }
    }
}
