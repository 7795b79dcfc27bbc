package io.penstock.publisher.slot;

import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.stored.Stages;
import io.penstock.storage.v1.PresenceRecord;
import io.penstock.storage.v1.PublisherPresence;
import io.penstock.store.presence.Presence;
import io.penstock.store.presence.PresenceBeat;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;

/**
 * Says that this publisher is alive, and notices when nobody can believe it any more. Before each write the publisher
 * {@link #check}s it: with a renewal older than the time to live others may have taken its slot, so it must stop. A
 * process that slept and woke may have renewed before it checks; the check therefore also looks, often enough that
 * nobody can have found it silent in between, whether record and slot are still there. That shows a slot given up for
 * another reason as well, such as a rollback.
 *
 * <p>Used by the publishing thread only; the renewals run on the scheduler.
 */
public final class Heartbeat implements AutoCloseable {
    private final Presence presence;
    private final PresenceBeat beat;
    private final Duration ttl;
    private final Duration lookInterval;
    private BooleanSupplier holdsSlots = () -> true;

    /** The last confirmed renewal before the last look: silence, if any, was counted from then on. */
    private long heldAtNanos;

    private Heartbeat(Presence presence, PresenceBeat beat, Duration interval, Duration ttl) {
        this.presence = presence;
        this.beat = beat;
        this.ttl = ttl;
        this.lookInterval = ttl.minus(interval.multipliedBy(2));
        this.heldAtNanos = System.nanoTime();
    }

    /**
     * Begins to renew a record that nobody was told of yet.
     *
     * @param id fresh for each publication; the owner its slots name
     */
    public static Heartbeat start(
            Presence presence,
            ScheduledExecutorService scheduler,
            InstantSource clock,
            String id,
            String process,
            long storeId,
            Duration interval,
            Duration ttl) {
        PresenceRecord first = PresenceRecord.newBuilder()
                .setId(id)
                .setStoreId(storeId)
                .setProcess(process)
                .setPublisher(PublisherPresence.getDefaultInstance())
                .build();
        return new Heartbeat(
                presence, PresenceBeat.start(presence, scheduler, clock, first, interval, ttl), interval, ttl);
    }

    /** Says, durably, which generations this publisher writes and which versions it compares with. */
    public void announce(Collection<Long> generations, Collection<Long> parents) {
        PublisherPresence said = PublisherPresence.newBuilder()
                .addAllGenerations(generations)
                .addAllParents(parents)
                .build();
        Stages.await(beat.update(record -> record.toBuilder().setPublisher(said).build()));
    }

    /**
     * Says how to find out whether the slots are lost.
     *
     * @param holds asks the catalog whether the slots are still this publisher's; asked now and then
     */
    public void watchSlots(BooleanSupplier holds) {
        holdsSlots = holds;
    }

    /** The presence id. */
    public String id() {
        return beat.record().getId();
    }

    /**
     * Makes sure that nobody can have given this publisher up.
     *
     * @throws PublisherException {@code FENCED} if somebody can
     */
    public void check() {
        long ageNanos = beat.ageNanos();
        if (ageNanos > ttl.toNanos()) {
            throw lost("its last confirmed heartbeat is "
                    + Duration.ofNanos(ageNanos).toMillis() + " ms old (expected: <= " + ttl.toMillis() + " ms)");
        }
        long now = System.nanoTime();
        if (now - heldAtNanos > lookInterval.toNanos()) {
            requireStillThere();
            heldAtNanos = now - ageNanos;
        }
    }

    private void requireStillThere() {
        for (PresenceRecord record : Stages.await(presence.list())) {
            if (record.getId().equals(id())) {
                if (!holdsSlots.getAsBoolean()) {
                    throw lost("its slot is not its own any more, it was found silent, or a rollback gave it up");
                }
                return;
            }
        }
        throw lost("its heartbeat record is gone");
    }

    private static PublisherException lost(String why) {
        return new PublisherException(
                Category.FENCED,
                "HEARTBEAT_LOST",
                "this publisher stopped writing: " + why + "; another may be at work, publish again");
    }

    @Override
    public void close() {
        beat.close();
    }
}
