package io.penstock.publisher.adopt;

import io.penstock.publisher.stored.Stages;
import io.penstock.storage.v1.HeldDataset;
import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.StoreException;
import io.penstock.store.presence.Presence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Asks presence again and again whether every live server serves a version, or something newer. */
public final class AdoptionWatch {
    private static final Duration POLL = Duration.ofMillis(50);

    private final Presence presence;
    private final Duration timeout;

    public AdoptionWatch(Presence presence, Duration timeout) {
        this.presence = presence;
        this.timeout = timeout;
    }

    /**
     * Waits until nobody lags or time is up.
     *
     * @param dataset its name
     * @param revision the move that made {@code generation} current
     */
    public Adoption await(String dataset, long generation, long revision) {
        long startedAt = System.nanoTime();
        while (true) {
            boolean over = System.nanoTime() - startedAt >= timeout.toNanos();
            Adoption adoption = look(dataset, generation, revision);
            if (adoption.complete() || over) {
                return adoption;
            }
            Stages.pause(POLL);
        }
    }

    private Adoption look(String dataset, long generation, long revision) {
        List<Adoption.Server> servers = new ArrayList<>();
        try {
            for (PresenceRecord record : Stages.await(presence.list())) {
                if (record.hasServer()) {
                    servers.add(server(record, dataset, generation, revision));
                }
            }
        } catch (StoreException e) {
            return Adoption.unknown("presence cannot be read: " + e.getMessage());
        }
        if (servers.isEmpty()) {
            return new Adoption(
                    servers, true, List.of("no live server: " + dataset + " is committed and nobody serves it yet"));
        }
        List<String> lagging = new ArrayList<>();
        for (Adoption.Server server : servers) {
            if (!server.adopted()) {
                lagging.add("server " + server.address() + " (" + server.process() + ") does not serve " + dataset
                        + " at revision " + revision + " yet, but "
                        + (server.revision() == 0 ? "nothing of it" : "revision " + server.revision())
                        + (server.problem().isEmpty() ? "" : ": " + server.problem()));
            }
        }
        return new Adoption(List.copyOf(servers), lagging.isEmpty(), lagging);
    }

    private static Adoption.Server server(PresenceRecord record, String dataset, long generation, long revision) {
        String address = record.getServer().getAddress();
        for (HeldDataset held : record.getServer().getDatasetsList()) {
            if (held.getDataset().equals(dataset)) {
                boolean adopted =
                        held.getServing() != 0 && (held.getServing() == generation || held.getRevision() >= revision);
                return new Adoption.Server(
                        address, record.getProcess(), held.getRevision(), adopted, held.getProblem());
            }
        }
        return new Adoption.Server(address, record.getProcess(), 0, false, "");
    }
}
