package io.penstock.it.docs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Free ports in place of those that the documentation uses. */
record Ports(int grpc, int http, int service) {
    static Ports free() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket first = new ServerSocket(0, 1, loopback);
                ServerSocket second = new ServerSocket(0, 1, loopback);
                ServerSocket third = new ServerSocket(0, 1, loopback)) {
            return new Ports(first.getLocalPort(), second.getLocalPort(), third.getLocalPort());
        }
    }

    Map<String, String> replacements() {
        return Map.of(":7070", ":" + grpc, ":7071", ":" + http, ":8080", ":" + service, " 8080 ", " " + service + " ");
    }

    /** The commands of a page; after the one that starts a server, a wait for it. */
    List<String> waitForServer(List<String> commands) {
        List<String> waiting = new ArrayList<>();
        for (String command : commands) {
            waiting.add(command);
            if (command.contains("penstock serve")) {
                waiting.add("ready " + http + "\n");
            }
        }
        return waiting;
    }
}
