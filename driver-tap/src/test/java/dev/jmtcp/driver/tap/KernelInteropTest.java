package dev.jmtcp.driver.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.socket.Context;
import dev.jmtcp.core.socket.Jmtcp;
import dev.jmtcp.core.socket.MtcpSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transfers between the stack and this machine's kernel; the module interop has more of them. */
class KernelInteropTest extends KernelNetwork {

    @ParameterizedTest
    @CsvSource({"on, 576, 1", "on, 1500, 20", "off, 1500, 5", "off, 9000, 5"})
    void transferBothWays_kernelConnects_arrivesIntact(String offload, int mtu, int megabytes) throws Exception {
        try (Jmtcp jmtcp = open(offload, mtu, 1);
                Context context = jmtcp.createContext(0)) {
            kernelConnects(context, megabytes * MEGABYTE + 7);
        }
    }

    @ParameterizedTest
    @CsvSource({"on, 576, 1", "on, 1500, 20", "off, 1500, 5", "off, 9000, 5"})
    void transferBothWays_stackConnects_arrivesIntact(String offload, int mtu, int megabytes) throws Exception {
        try (Jmtcp jmtcp = open(offload, mtu, 1);
                Context context = jmtcp.createContext(0)) {
            stackConnects(context, megabytes * MEGABYTE + 7);
        }
    }

    /** Answers to what a core connects arrive on that core. */
    @Test
    void connectionsOfTwoCores_eachWay_arriveIntact() throws Exception {
        try (Jmtcp jmtcp = open("on", 1500, 2);
                Context first = jmtcp.createContext(0);
                Context second = jmtcp.createContext(1);
                MtcpSocket firstListener = listen(first);
                MtcpSocket secondListener = listen(second);
                ServerSocket listener = listenInKernel()) {
            int accepted = 0;
            for (int i = 0; i < 32; i++) {
                var socket = new Socket(STACK, PORT);
                // Either core may have it: the hash of addresses and ports says which.
                firstListener.blocking(false);
                secondListener.blocking(false);
                MtcpSocket other = null;
                while (other == null) {
                    other = firstListener.accept();
                    if (other == null) {
                        other = secondListener.accept();
                        accepted += other == null ? 0 : 1;
                    }
                }
                other.blocking(true);
                exchange(End.of(socket), End.of(other), 100_000);
            }
            assertThat(accepted).as("connections on the second core of two").isBetween(1, 31);
            for (Context context : List.of(first, second)) {
                for (int i = 0; i < 16; i++) {
                    MtcpSocket socket = context.socket();
                    socket.connect(new InetSocketAddress(KERNEL, PORT));
                    exchange(End.of(socket), End.of(listener.accept()), 100_000);
                }
            }
        }
    }
}
