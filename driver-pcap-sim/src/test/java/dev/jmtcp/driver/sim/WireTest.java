package dev.jmtcp.driver.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.Toeplitz;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WireTest {

    private static final MacAddress STRANGER = MacAddress.parse("02:ff:ff:ff:ff:fe");

    private final VirtualClock clock = new VirtualClock();
    private final Wire wire = Wire.create(WireConfig.DEFAULT.withRing(16).withPlaces(4));

    @AfterEach
    void close() {
        wire.close();
    }

    @Test
    void unicast_threePorts_reachesOnlyItsPort() throws Exception {
        var a = wire.open("a", clock);
        var b = wire.open("b", clock);
        var c = wire.open("c", clock);

        Frames.send(a.queue(0), b.port().mac(), 1);
        Frames.send(c.queue(0), b.port().mac(), 2, 1514);
        Frames.send(b.queue(0), a.port().mac(), 3);

        assertThat(Frames.drain(b.queue(0))).containsExactlyInAnyOrder(1L, 2L);
        assertThat(Frames.drain(a.queue(0))).containsExactly(3L);
        assertThat(Frames.drain(c.queue(0))).isEmpty();
        assertThat(b.statistics(0).rxPackets()).isEqualTo(2);
        assertThat(b.statistics(0).rxBytes()).isEqualTo(1574);
        assertThat(b.statistics(0).txPackets()).isEqualTo(1);
    }

    @Test
    void broadcastAndUnknown_threePorts_reachAllOthers() throws Exception {
        var a = wire.open("a", clock);
        var b = wire.open("b", clock);
        var c = wire.open("c", clock);

        Frames.send(a.queue(0), MacAddress.BROADCAST, 1);
        Frames.send(a.queue(0), STRANGER, 2);
        Frames.send(a.queue(0), a.port().mac(), 3);

        assertThat(Frames.drain(a.queue(0))).isEmpty();
        assertThat(Frames.drain(b.queue(0))).containsExactly(1L, 2L);
        assertThat(Frames.drain(c.queue(0))).containsExactly(1L, 2L);
        assertThat(a.statistics(0).txPackets()).isEqualTo(3);
    }

    @Test
    void flush_receiverTakesNothing_waitsAndLosesNothing() throws Exception {
        var a = wire.open("a", clock);
        var b = wire.open("b", clock);
        long sent = 0;
        int left = 0;
        while (Frames.put(a.queue(0), 0, b.port().mac(), sent, 100)) {
            sent++;
            left = a.queue(0).flush();
        }
        assertThat(left).isEqualTo(16);
        assertThat(sent).isEqualTo(32);
        assertThat(a.statistics(0).txPackets()).isEqualTo(16);

        assertThat(Frames.drain(b.queue(0))).isEqualTo(numbers(0, 16));
        assertThat(a.queue(0).flush()).isZero();
        assertThat(Frames.drain(b.queue(0))).isEqualTo(numbers(16, 32));
    }

    @Test
    void flush_receiverStalledForLong_dropsForItAndCounts() throws Exception {
        var a = wire.open("a", clock);
        var b = wire.open("b", clock);
        var c = wire.open("c", clock);
        for (int i = 0; i < 16; i++) {
            Frames.send(a.queue(0), b.port().mac(), i);
        }
        assertThat(Frames.put(a.queue(0), 0, b.port().mac(), 16, 100)).isTrue();
        assertThat(Frames.put(a.queue(0), 0, c.port().mac(), 99, 100)).isTrue();
        assertThat(a.queue(0).flush()).isEqualTo(2);

        clock.advanceTo(Outgoing.STALL_LIMIT + 1);

        assertThat(a.queue(0).flush()).isZero();
        assertThat(Frames.drain(c.queue(0))).containsExactly(99L);
        assertThat(b.statistics(0).drops()).isEqualTo(Map.of("rx ring full", 1L));
    }

    @Test
    void flush_noFlowControlAndReceiverFull_dropsAtOnce() throws Exception {
        try (var careless = Wire.create(WireConfig.DEFAULT.withRing(16).withFlowControl(false))) {
            var a = careless.open("a", clock);
            var b = careless.open("b", clock);
            for (int i = 0; i < 40; i++) {
                Frames.send(a.queue(0), b.port().mac(), i);
            }
            assertThat(Frames.drain(b.queue(0))).isEqualTo(numbers(0, 16));
            assertThat(b.statistics(0).drops()).isEqualTo(Map.of("rx ring full", 24L));
            assertThat(a.statistics(0).txPackets()).isEqualTo(40);
        }
    }

    @Test
    void receive_frameHeld_staysAsItIsUntilTheNextReceive() throws Exception {
        var a = wire.open("a", clock);
        var b = wire.open("b", clock);
        var burst = new FrameBurst(4);
        Frames.send(a.queue(0), b.port().mac(), 7, 300);
        assertThat(b.queue(0).receive(0, burst)).isEqualTo(1);
        for (int i = 0; i < 16; i++) {
            Frames.send(a.queue(0), b.port().mac(), 100 + i, 300);
        }
        assertThat(Frames.number(burst, 0)).isEqualTo(7);
        assertThat(Frames.drain(b.queue(0))).isEqualTo(numbers(100, 116));
    }

    @Test
    void manyRounds_slotsComeHome() throws Exception {
        var a = wire.open("a", clock);
        var b = wire.open("b", clock);
        for (int round = 0; round < 10_000; round++) {
            for (int i = 0; i < 5; i++) {
                assertThat(Frames.put(
                                a.queue(0),
                                0,
                                i == 4 ? MacAddress.BROADCAST : b.port().mac(),
                                i,
                                64))
                        .isTrue();
                assertThat(Frames.put(b.queue(0), 0, a.port().mac(), i, 64)).isTrue();
            }
            a.queue(0).flush();
            b.queue(0).flush();
            assertThat(Frames.drain(b.queue(0))).hasSize(5);
            assertThat(Frames.drain(a.queue(0))).hasSize(5);
        }
    }

    @Test
    void close_framesUnderWay_arriveStill() throws Exception {
        var a = wire.open("a", clock);
        var b = wire.open("b", clock);
        a.impair(0, Impairments.NONE.withDelay(1000));
        Frames.send(a.queue(0), b.port().mac(), 1);
        a.impair(0, Impairments.NONE);
        Frames.send(a.queue(0), b.port().mac(), 2);
        a.close();

        assertThat(Frames.drain(b.queue(0))).containsExactly(2L);
        clock.advanceTo(1000);
        assertThat(Frames.drain(b.queue(0))).containsExactly(1L);
    }

    @Test
    void closeAndOpen_manyTimes_placesAndSlotsAreUsedAgain() throws Exception {
        var b = wire.open("b", clock);
        for (int round = 0; round < 100; round++) {
            var a = wire.open("a" + round, clock);
            var c = wire.open("c" + round, clock);
            // b's frames lie in the rings of those who leave; those of a are held by b and lie in its ring
            for (int i = 0; i < 10; i++) {
                Frames.send(b.queue(0), a.port().mac(), i);
                Frames.send(b.queue(0), c.port().mac(), i);
            }
            var burst = new FrameBurst(3);
            assertThat(a.queue(0).receive(0, burst)).isEqualTo(3);
            for (int i = 0; i < 8; i++) {
                Frames.send(a.queue(0), b.port().mac(), i);
            }
            assertThat(b.queue(0).receive(0, burst)).isEqualTo(3);
            a.close();
            c.close();
            assertThat(Frames.drain(b.queue(0))).containsExactly(3L, 4L, 5L, 6L, 7L);
        }
    }

    @Test
    void open_noPlaceLeft_saysSo() throws Exception {
        wire.open("a", 3, clock);
        assertThatThrownBy(() -> wire.open("b", 2, clock))
                .isInstanceOf(PacketIoException.class)
                .hasMessageContaining("4 places, of which 1 are free, and 2 are needed");
        wire.open("c", clock);
    }

    @Test
    void open_sameNameTwice_getsAnotherAddress() throws Exception {
        MacAddress first = wire.open("a", clock).port().mac();
        MacAddress second = wire.open("a", clock).port().mac();
        assertThat(first).isNotEqualTo(second);
        assertThat(List.of(first, second)).allSatisfy(mac -> {
            assertThat(mac.isGroup()).isFalse();
            assertThat(mac.bits() >>> 41 & 1).isEqualTo(1);
        });
        try (var other = Wire.create(WireConfig.DEFAULT)) {
            assertThat(other.open("a", clock).port().mac()).isEqualTo(first);
        }
    }

    @Test
    void open_addressInUse_isRefused() throws Exception {
        MacAddress mac = wire.open("a", clock).port().mac();
        var port = new PortConfig("b", Optional.of(mac), OptionalInt.empty(), Map.of());
        var config = new DriverConfig(1, List.of(port), Map.of(), Toeplitz.symmetricKey(), clock);
        assertThatThrownBy(() -> wire.open(config))
                .isInstanceOf(PacketIoException.class)
                .hasMessageContaining(mac.toString());
    }

    @Test
    void open_mtuTooLargeForTheWire_isRefused() {
        var port = new PortConfig("b", Optional.empty(), OptionalInt.of(9000), Map.of());
        var config = new DriverConfig(1, List.of(port), Map.of(), Toeplitz.symmetricKey(), clock);
        assertThatThrownBy(() -> wire.open(config))
                .isInstanceOf(PacketIoException.class)
                .hasMessageContaining("576 to 1500");
    }

    @Test
    void queue_afterClose_throwsButWakeupDoesNot() throws Exception {
        var a = wire.open("a", clock);
        PacketQueue queue = a.queue(0);
        Frames.send(queue, STRANGER, 1);
        a.close();
        a.close();
        queue.wakeup();
        assertThat(a.statistics(0).txPackets()).isEqualTo(1);
        assertThatThrownBy(() -> queue.receive(0, new FrameBurst(1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(queue::flush).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> queue.reserve(0, 60)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> queue.await(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void wire_closedBeforeItsPorts_portsCanStillBeAskedAndClosed() throws Exception {
        var a = wire.open("a", clock);
        var b = wire.open("b", clock);
        Frames.send(a.queue(0), b.port().mac(), 1);
        wire.close();
        wire.close();
        assertThat(a.statistics(0).txPackets()).isEqualTo(1);
        assertThatThrownBy(() -> b.queue(0).receive(0, new FrameBurst(1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> wire.open("c", clock)).isInstanceOf(IllegalStateException.class);
        a.close();
        assertThat(a.statistics(0).txPackets()).isEqualTo(1);
    }

    private static List<Long> numbers(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }
}
