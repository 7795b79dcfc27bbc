package io.penstock.client.internal.transport;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a target says: one server, a list of them, or a name that gRPC resolves by itself.
 *
 * @param target as the caller wrote it, for messages
 * @param uri what gRPC is given
 */
public record ServerAddresses(String target, String uri) {
    private static final Pattern URI = Pattern.compile("[a-z][a-z0-9+.-]*:///?.*|unix(-abstract)?:.*");

    /** What looks like a page's address, which gRPC would look up as a host's name. */
    private static final Pattern WEB = Pattern.compile("(https?|grpcs?|tcp):.*");

    private static final Pattern SERVER = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^:/\\[\\],\\s]+):([0-9]{1,5})");
    private static final int PORT_MAX = 65_535;
    private static final String LIST = ServerListProvider.SCHEME + ":///";

    /**
     * Reads a target.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static ServerAddresses of(String target) {
        if (URI.matcher(target).matches() && !WEB.matcher(target).matches()) {
            return new ServerAddresses(target, target);
        }
        List<String> servers = split(target);
        for (String server : servers) {
            Matcher matcher = SERVER.matcher(server);
            if (!matcher.matches() || port(matcher) == 0 || port(matcher) > PORT_MAX) {
                throw new IllegalArgumentException("target: '" + target + "' (expected: host:port, a list of them such"
                        + " as a:7070,b:7070, or a name for gRPC such as dns:///penstock:7070)");
            }
        }
        return new ServerAddresses(
                target, servers.size() == 1 ? dns(servers.get(0)) : LIST + escaped(String.join(",", servers)));
    }

    private static int port(Matcher matcher) {
        return Integer.parseInt(matcher.group(2));
    }

    /** One server, as gRPC's DNS is asked for it. */
    static String dns(String server) {
        return "dns:///" + escaped(server);
    }

    /** Brackets of IPv6 addresses may not stand in a URI's path. */
    private static String escaped(String path) {
        return path.replace("[", "%5B").replace("]", "%5D");
    }

    /** The servers of a list. */
    static List<String> split(String list) {
        return List.of(list.split(",", -1)).stream().map(String::strip).toList();
    }
}
