package io.penstock.publisher;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this process is called in presence, manifests and the audit trail. */
final class ProcessName {
    private ProcessName() {}

    /** {@code user@host/process id}. */
    static String current() {
        return System.getProperty("user.name", "?") + "@" + host() + "/"
                + ProcessHandle.current().pid();
    }

    private static String host() {
        String fromEnvironment = System.getenv("HOSTNAME");
        if (fromEnvironment != null && !fromEnvironment.isBlank()) {
            return fromEnvironment;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
