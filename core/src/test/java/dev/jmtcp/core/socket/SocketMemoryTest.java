package dev.jmtcp.core.socket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What an idle socket that an epoll watches costs, besides its connection: there may be a million. */
class SocketMemoryTest {

    private static final int SOCKETS = 100_000;

    @Test
    void socketAndRegistration_areSmall() throws MtcpException {
        try (var net = new Net()) {
            Epoll epoll = net.client.epoll();
            var sockets = new MtcpSocket[SOCKETS];
            long before = used();
            for (int i = 0; i < SOCKETS; i++) {
                sockets[i] = net.client.socket();
                epoll.add(sockets[i], EpollEvent.IN);
            }
            long each = (used() - before) / SOCKETS;
            System.out.println("a socket and its registration take " + each + " bytes");
            assertThat(each).isLessThanOrEqualTo(100);
            assertThat(sockets[SOCKETS - 1].isOpen()).isTrue();
        }
    }

    /** The least of several looks, since what others allocate comes on top. */
    private static long used() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
