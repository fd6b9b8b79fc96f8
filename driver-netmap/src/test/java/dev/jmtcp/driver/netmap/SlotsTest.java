package dev.jmtcp.driver.netmap;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketQueue;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames in several slots, slots that make no sense, and what the module does to heads that make none. */
class SlotsTest {

    private static final int BUFFER = 2048;

    @BeforeEach
    void standIn() {
        StandIn.needed();
    }

    @AfterEach
    void reset() {
        StandIn.reset();
    }

    @ParameterizedTest
    @ValueSource(strings = {"vale0:", "x{1 x}1"})
    void framesLongerThanABuffer_arriveInOneAndInOrder(String names) throws PacketIoException {
        String[] ports = names.startsWith("vale") ? new String[] {"vale0:1", "vale0:2"} : names.split(" ", 2);
        try (PacketIo io = Wire.open(Configs.withMtu(ports[0], 65_535), Configs.withMtu(ports[1], 65_535))) {
            PacketQueue queue = io.queue(0);
            List<byte[]> frames = new ArrayList<>();
            for (int length : new int[] {
                BUFFER - 1, BUFFER, BUFFER + 1, 60, 2 * BUFFER, 2 * BUFFER + 1, 9014, 100, 32 * BUFFER, 65_549,
            }) {
                frames.add(Wire.frame(length, length));
                assertThat(Wire.commit(queue, 0, frames.getLast())).isTrue();
            }
            queue.flush();
            assertThat(Wire.receive(queue, 1, frames.size())).containsExactlyElementsOf(frames);
            assertThat(io.statistics(0).txPackets()).isEqualTo(frames.size());
            assertThat(io.statistics(1).rxPackets()).isEqualTo(frames.size());
            assertThat(io.statistics(1).rxBytes())
                    .isEqualTo(frames.stream().mapToInt(frame -> frame.length).sum());
        }
    }

    @Test
    void longFrames_manyTimesTheRing_arriveAll() throws PacketIoException {
        try (PacketIo io = Wire.open(Configs.withMtu("x{1", 9000), Configs.withMtu("x}1", 9000))) {
            PacketQueue queue = io.queue(0);
            var nothing = new FrameBurst(1);
            for (int round = 0; round < 20; round++) {
                var frames = new ArrayList<byte[]>();
                for (int i = 0; i < 150; i++) {
                    byte[] frame = Wire.frame(4000 + 33 * i, round * 1000L + i);
                    if (!Wire.commit(queue, 0, frame)) {
                        queue.receive(1, nothing); // gives back what came before
                        queue.flush();
                        assertThat(Wire.commit(queue, 0, frame)).isTrue();
                    }
                    frames.add(frame);
                }
                queue.flush();
                assertThat(Wire.receive(queue, 1, frames.size())).containsExactlyElementsOf(frames);
            }
        }
    }

    @Test
    void longFrame_fewerSlotsThanItNeeds_isRefusedUntilThereAreSome() throws PacketIoException {
        try (PacketIo io = new NetmapProvider()
                .open(Configs.of(
                        1, Map.of("slots", "16"), Configs.withMtu("x{1", 9000), Configs.withMtu("x}1", 9000)))) {
            PacketQueue queue = io.queue(0);
            for (int round = 0; round < 50; round++) {
                byte[] frame = Wire.frame(9014, round);
                int committed = 0;
                while (Wire.commit(queue, 0, frame)) {
                    committed++;
                }
                queue.flush();
                assertThat(committed).as("frames of 5 slots in 15").isBetween(1, 3);
                assertThat(Wire.receive(queue, 1, committed)).hasSize(committed).allMatch(f -> f.length == 9014);
                queue.receive(1, new FrameBurst(1));
                queue.flush();
            }
        }
    }

    @Test
    void slotsFromABadPeer_areCountedAndTheRestComes() throws Exception {
        try (PacketIo io = Wire.open("bad{1");
                var peer = new RawPort("bad}1")) {
            peer.write(0, 3000, 0);
            peer.write(1, 13, 0);
            peer.write(2, 0, 0);
            peer.buffer(3, Integer.MAX_VALUE);
            peer.write(3, 100, 0);
            peer.buffer(4, -1);
            peer.write(4, 100, 0);
            for (int slot = 5; slot < 45; slot++) {
                peer.write(slot, BUFFER, slot < 44 ? Netmap.MOREFRAG : 0);
            }
            peer.write(45, 100, Netmap.MOREFRAG);
            peer.write(46, 2500, 0);
            peer.write(47, 64, 0);
            assertThat(peer.send(48)).isZero();

            assertThat(Wire.receive(io.queue(0), 0, 1))
                    .singleElement()
                    .satisfies(frame -> assertThat(frame).hasSize(64));
            assertThat(io.statistics(0).drops()).isEqualTo(Map.of("malformed", 7L));
            assertThat(io.statistics(0).rxPackets()).isEqualTo(1);
        }
    }

    /** Why the driver keeps its heads in range: nobody would tell it. */
    @Test
    void standIn_headOutOfRange_setsTheRingUpAnewWithoutAWord() throws Exception {
        try (var port = new RawPort("vale0:raw")) {
            int before = StandIn.REINITIALISED.value();
            assertThat(port.send(5000)).isZero();
            assertThat(StandIn.REINITIALISED.value()).isEqualTo(before + 1);
            assertThat(port.ring.head()).isZero();
        }
    }

    @Test
    void standIn_slotOfTheModuleIsWrittenTo_isNoticed() throws Exception {
        try (var port = new RawPort("raw{1")) {
            int before = StandIn.TOUCHED.value();
            assertThat(port.send(3)).isZero();
            port.write(1, 99, 0);
            assertThat(port.send(3)).isZero();
            assertThat(StandIn.TOUCHED.value()).isEqualTo(before + 1);
        }
    }

    /** A port without the driver's care. */
    private static final class RawPort implements AutoCloseable {

        private final Descriptor descriptor;
        private final SharedMemory memory;
        private final long at;
        final Ring ring;

        RawPort(String name) throws PacketIoException {
            descriptor = Descriptor.open(new Request(PortName.parse(name), Netmap.REG_ALL_NIC, 0, 1024));
            memory = SharedMemory.map(descriptor, 4096);
            at = memory.ring(descriptor.answer().offset(), false, 0);
            ring = Ring.at(memory.segment(), at, descriptor.answer().memorySize());
        }

        void write(int slot, int length, int flags) {
            ring.fill(slot, length, flags);
        }

        void buffer(int slot, int buffer) {
            memory.segment().set(JAVA_INT, at + Ring.SLOTS + (long) slot * Ring.SLOT, buffer);
        }

        /** Gives the module all slots before this one. */
        int send(int head) {
            ring.give(head, head);
            try (Arena arena = Arena.ofConfined()) {
                return Libc.ioctl(Libc.errnoMemory(arena), descriptor.fd(), Netmap.NIOCTXSYNC, 0);
            }
        }

        @Override
        public void close() {
            memory.close();
            descriptor.close();
        }
    }
}
