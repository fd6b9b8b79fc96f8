package dev.jmtcp.core.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.core.config.ConfigException;
import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.Offload;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.RxFlags;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Frames in at one port, out at the other, both behind the same injector: each passes it twice. */
class FaultyPacketIoTest {

    private static final int HEADER = 14;
    private static final int LENGTH = 64;

    private final AtomicLong time = new AtomicLong(1_000);
    private final FrameBurst burst = new FrameBurst(16);

    private PacketIo open(String... faults) throws PacketIoException {
        return DriverRegistry.find(List.of())
                .open(
                        JmtcpConfig.parse("""
                                io = pcap-sim
                                num_cores = 1
                                port = left right
                                pcap-sim.wire = %s
                                seed = 7
                                %s
                                """.formatted(getClass().getSimpleName(), String.join("\n", faults))),
                        time::get);
    }

    private static boolean send(PacketQueue queue, int number) {
        long at = queue.reserve(0, LENGTH);
        if (at == PacketQueue.FULL) {
            return false;
        }
        MemorySegment memory = queue.transmitMemory(0);
        memory.asSlice(at, LENGTH).fill((byte) 0);
        memory.asSlice(at, 6).fill((byte) 0xff);
        memory.set(ValueLayout.JAVA_BYTE, at + 12, (byte) 0x08);
        memory.set(ValueLayout.JAVA_INT_UNALIGNED, at + LENGTH - 4, number);
        queue.commit(0, LENGTH, 0);
        queue.flush();
        return true;
    }

    private List<Integer> receive(PacketQueue queue) {
        List<Integer> numbers = new ArrayList<>();
        while (queue.receive(1, burst) > 0) {
            for (int i = 0; i < burst.count(); i++) {
                numbers.add(burst.memory().get(ValueLayout.JAVA_INT_UNALIGNED, burst.offset(i) + LENGTH - 4));
            }
        }
        return numbers;
    }

    private List<Integer> pass(PacketIo io, int frames) {
        PacketQueue queue = io.queue(0);
        List<Integer> arrived = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            assertThat(send(queue, i)).isTrue();
            arrived.addAll(receive(queue));
        }
        return arrived;
    }

    @Test
    void noFaults_areNotInjected() throws IOException {
        try (PacketIo io = open("fault.seed = 1", "fault.reorder_delay = 5ms")) {
            assertThat(io).isNotInstanceOf(FaultyPacketIo.class);
        }
    }

    @Test
    void loss_ofAll_letsNothingThroughAndCountsIt() throws IOException {
        try (PacketIo io = open("fault.loss = 100%")) {
            assertThat(pass(io, 10)).isEmpty();
            assertThat(io.statistics(0).drops()).isEqualTo(java.util.Map.of("lost on purpose", 10L));
            assertThat(io.statistics(0).txPackets()).isZero();
        }
    }

    @Test
    void loss_isAsLikelyAsAskedOnEachWay() throws IOException {
        try (PacketIo io = open("fault.loss = 0.1")) {
            int arrived = pass(io, 10_000).size();
            assertThat(arrived).isBetween(7_900, 8_300); // 0.9 × 0.9
            long lost = io.statistics(0).drops().get("lost on purpose")
                    + io.statistics(1).drops().get("lost on purpose");
            assertThat(lost).isEqualTo(10_000 - arrived);
            assertThat(io.statistics(1).rxPackets()).isEqualTo(arrived);
            assertThat(io.statistics(1).rxBytes()).isEqualTo((long) arrived * LENGTH);
        }
    }

    @Test
    void seed_givesTheSameFaults() throws IOException {
        List<List<Integer>> runs = new ArrayList<>();
        for (int seed : new int[] {5, 5, 6}) {
            try (PacketIo io = open("fault.loss = 0.2", "fault.duplicate = 0.1", "fault.seed = " + seed)) {
                runs.add(pass(io, 500));
            }
        }
        assertThat(runs.get(0)).isEqualTo(runs.get(1)).isNotEqualTo(runs.get(2));
    }

    @Test
    void duplicate_comesTwiceOnEachWay() throws IOException {
        try (PacketIo io = open("fault.duplicate = 1")) {
            assertThat(pass(io, 3)).containsExactly(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2);
        }
    }

    @Test
    void reordered_passesLaterAndIsNotLost() throws IOException {
        try (PacketIo io = open("fault.reorder = 0.2", "fault.reorder_delay = 1us")) {
            List<Integer> arrived = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                assertThat(send(io.queue(0), i)).isTrue();
                time.addAndGet(300);
                arrived.addAll(receive(io.queue(0)));
            }
            for (int i = 0; i < 2; i++) {
                time.addAndGet(1_000);
                arrived.addAll(receive(io.queue(0)));
            }
            assertThat(arrived)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 1_000).boxed().toList());
            assertThat(IntStream.range(1, 1_000)
                            .filter(i -> arrived.get(i) < arrived.get(i - 1))
                            .count())
                    .isGreaterThan(100);
        }
    }

    @Test
    void delay_isSpentOnEachWay() throws IOException {
        try (PacketIo io = open("fault.delay = 100ns")) {
            PacketQueue queue = io.queue(0);
            send(queue, 1);
            time.addAndGet(99);
            queue.flush();
            assertThat(receive(queue)).isEmpty();
            time.addAndGet(1);
            assertThat(receive(queue)).isEmpty(); // sent now, due at the receiver in 100 ns
            time.addAndGet(99);
            assertThat(receive(queue)).isEmpty();
            time.addAndGet(1);
            assertThat(receive(queue)).containsExactly(1);
        }
    }

    @Test
    void corrupted_differsInOneBitBehindTheEthernetHeader() throws IOException {
        try (PacketIo io = open("fault.corrupt = 1")) {
            PacketQueue queue = io.queue(0);
            for (int i = 0; i < 200; i++) {
                send(queue, 0);
                assertThat(queue.receive(1, burst)).isEqualTo(1);
                byte[] frame = burst.memory().asSlice(burst.offset(0), LENGTH).toArray(ValueLayout.JAVA_BYTE);
                int bits = 0;
                for (int b = HEADER; b < LENGTH; b++) {
                    bits += Integer.bitCount(frame[b] & 0xff);
                }
                assertThat(bits).isIn(0, 2); // flipped on both ways, now and then the same bit
                assertThat(frame).startsWith(-1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 8, 0);
                assertThat(burst.flags(0) & ~RxFlags.HASH_VALID).isZero();
            }
        }
    }

    @Test
    void offloadsOfSending_areNotOffered() throws IOException {
        try (PacketIo plain = open("pcap-sim.offload = all")) {
            assertThat(plain.ports().getFirst().capabilities().offloads()).contains(Offload.TCP_SEGMENTATION);
        }
        try (PacketIo io = open("pcap-sim.offload = all", "fault.loss = 1%")) {
            Capabilities can = io.ports().getFirst().capabilities();
            assertThat(can.offloads())
                    .contains(Offload.RX_TCP_CHECKSUM, Offload.TCP_COALESCING)
                    .doesNotContain(Offload.TCP_SEGMENTATION, Offload.TX_TCP_CHECKSUM, Offload.TX_IPV4_CHECKSUM);
            assertThat(can.maxTsoFrame()).isZero();
        }
    }

    @Test
    void moreThanCanBeHeld_isRefusedAndNotLost() throws IOException {
        try (PacketIo io = open("fault.delay = 1s", "pcap-sim.ring = 8192")) {
            PacketQueue queue = io.queue(0);
            int sent = 0;
            while (send(queue, sent)) {
                sent++;
            }
            assertThat(sent).isGreaterThan(1_000);
            List<Integer> arrived = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                time.addAndGet(1_000_000_000);
                arrived.addAll(receive(queue));
            }
            assertThat(arrived)
                    .containsExactlyElementsOf(IntStream.range(0, sent).boxed().toList());
            assertThat(send(queue, 0)).isTrue();
        }
    }

    @Test
    void badProbability_isRefused() {
        assertThatThrownBy(() -> open("fault.loss = 101%"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("fault.loss: bad value '101%'; expected a probability: 0 to 1, or 0% to 100%");
        assertThatThrownBy(() -> open("fault.los = 1%"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("fault.los: unknown key; expected fault.loss");
    }
}
