package dev.jmtcp.driver.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.TxOffload;
import dev.jmtcp.testsupport.Needs;
import dev.jmtcp.testsupport.ThreadNamespace;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the kernel's sockets of XDP need of buffers, at the two ends of a veth pair: one port sends, the other receives. */
class XdpTest {

    private static final long PATIENCE = 2_000_000_000L;
    private static final int ETHERNET = 14;

    private ThreadNamespace namespace;

    @BeforeEach
    void enterNamespace() throws IOException {
        Installation.need();
        Needs.netAdmin();
        Needs.command("ip", "iproute2");
        namespace = ThreadNamespace.enter();
        ThreadNamespace.makePair("veth0", "veth1");
    }

    @AfterEach
    void leaveNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    private static String device(int number) {
        return "net_af_xdp_test" + number + ",iface=veth" + number + ",force_copy=1";
    }

    private static PacketIo open(Map<String, String> options) throws PacketIoException {
        return new DpdkProvider()
                .open(Configs.of(1, options, Configs.port("a", device(0)), Configs.port("b", device(1))));
    }

    /** Each buffer of the pool gets to the kernel, for a frame that goes and as room for one that comes. */
    @Test
    void framesOfAllBuffers_overAndOver_arrive() throws IOException {
        try (var io = (DpdkIo) open(Map.of())) {
            PacketQueue queue = io.queue(0);
            int size = 512;
            for (int sent = 0; sent < 4 * io.buffers(); sent += size) {
                assertThat(send(queue, size, 60)).isEqualTo(size);
                assertThat(receive(queue, size, 60))
                        .as("frames that came after %d", sent)
                        .isEqualTo(size);
            }
        }
    }

    /** Whoever waits for what has been received sends nothing that would have the device give back the buffers of what is sent. */
    @Test
    void buffers_allSentAndNothingMoreToSend_frameStillComes() throws IOException {
        try (PacketIo io = open(Map.of("mbufs", "4120"))) {
            PacketQueue queue = io.queue(0);
            for (int round = 0; round < 20; round++) {
                int sent = send(queue, Integer.MAX_VALUE, 60);
                assertThat(sent).as("frames of 4120 buffers").isBetween(10, 24);
                assertThat(receive(queue, sent, 60))
                        .as("frames that came in round %d", round)
                        .isEqualTo(sent);
            }
        }
    }

    @Test
    void framesOfTheLargestMtu_arrive() throws IOException {
        ThreadNamespace.run("ip link set dev veth0 mtu " + Buffers.MOST_MTU_OF_PAGES);
        ThreadNamespace.run("ip link set dev veth1 mtu " + Buffers.MOST_MTU_OF_PAGES);
        try (PacketIo io = open(Map.of())) {
            int longest = Buffers.MOST_MTU_OF_PAGES + ETHERNET;
            assertThat(send(io.queue(0), 100, longest)).isEqualTo(100);
            assertThat(receive(io.queue(0), 100, longest)).isEqualTo(100);
        }
    }

    @Test
    void open_interfaceThatAnotherPortHas_isRefusedAndThatOneGoesOn() throws IOException {
        try (PacketIo io = open(Map.of())) {
            var second = Configs.port("c", "net_af_xdp_second,iface=veth0,force_copy=1");
            assertThatThrownBy(() -> new DpdkProvider().open(Configs.of(second)))
                    .isInstanceOf(PacketIoException.class)
                    .hasMessageContaining("has another program, or another port, this queue of the interface?");
            assertThat(send(io.queue(0), 10, 60)).isEqualTo(10);
            assertThat(receive(io.queue(0), 10, 60)).isEqualTo(10);
        }
    }

    @Test
    void open_mtuAboveTheLargest_isRefused() {
        var port = new PortConfig(
                "a", Optional.empty(), OptionalInt.of(Buffers.MOST_MTU_OF_PAGES + 1), Map.of("device", device(0)));
        assertThatThrownBy(() -> new DpdkProvider().open(Configs.of(1, Map.of(), port)))
                .isInstanceOfSatisfying(
                        InvalidOptionException.class,
                        refusal -> assertThat(refusal.option()).isEqualTo("port.a.mtu"))
                .hasMessageContaining(" to " + Buffers.MOST_MTU_OF_PAGES);
    }

    /** Sends frames, numbered in their last byte, until there are enough or no room; how many. */
    private static int send(PacketQueue queue, int most, int length) {
        int sent = 0;
        while (sent < most) {
            long offset = queue.reserve(0, length);
            if (offset == PacketQueue.FULL) {
                break;
            }
            queue.transmitMemory(0).asSlice(offset, length).fill((byte) 0xff);
            queue.commit(0, length, TxOffload.NONE);
            sent++;
        }
        assertThat(queue.flush()).as("frames not taken").isZero();
        return sent;
    }

    /** Receives until so many frames of a length are there, or nothing comes any more; how many. */
    private static int receive(PacketQueue queue, int wanted, int length) {
        var burst = new FrameBurst(32);
        int came = 0;
        long last = System.nanoTime();
        while (came < wanted && System.nanoTime() - last < PATIENCE) {
            if (queue.receive(1, burst) > 0) {
                last = System.nanoTime();
                for (int i = 0; i < burst.count(); i++) {
                    assertThat(burst.length(i)).isEqualTo(length);
                }
                came += burst.count();
            }
        }
        return came + queue.receive(1, burst);
    }
}
