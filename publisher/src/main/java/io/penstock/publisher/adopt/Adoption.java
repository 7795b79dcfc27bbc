package io.penstock.publisher.adopt;

import java.util.List;

/**
 * Who serves what was committed.
 *
 * @param servers every live server; empty when there is none, and then nobody has adopted anything
 * @param complete no live server lags, and presence could be read
 * @param warnings for a person
 */
public record Adoption(List<Server> servers, boolean complete, List<String> warnings) {
    /**
     * A live server.
     *
     * @param address where it listens
     * @param process user, host and process id
     * @param revision the revision it serves the dataset at; 0 = it does not
     * @param adopted whether it serves what was committed, or something newer
     * @param problem why not, as far as it says
     */
    public record Server(String address, String process, long revision, boolean adopted, String problem) {}

    /** Nobody could be asked. */
    public static Adoption unknown(String why) {
        return new Adoption(List.of(), false, List.of("adoption is unknown: " + why));
    }

    public List<Server> lagging() {
        return servers.stream().filter(server -> !server.adopted()).toList();
    }
}
