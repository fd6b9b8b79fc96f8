package dev.jmtcp.packetdrill.run;

import dev.jmtcp.core.socket.Epoll;
import dev.jmtcp.core.socket.MtcpSocket;
import java.util.HashMap;
import java.util.Map;

/** What a file descriptor of a script stands for. */
sealed interface Descriptor {

    /**
     * A socket.
     *
     * @param set options that were set, whose value the script reads back as Linux gives it
     */
    record Socket(MtcpSocket socket, Map<String, Integer> set) implements Descriptor {
        Socket(MtcpSocket socket) {
            this(socket, new HashMap<>());
        }
    }

    record Poller(Epoll epoll) implements Descriptor {}
}
