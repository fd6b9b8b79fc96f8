package dev.jmtcp.driver.tap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is written, and what becomes of frames that are not taken: a pair of sockets stands in for the interface. */
class OutgoingTest {

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_NONBLOCK = 2 | Libc.O_NONBLOCK;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment state = Libc.errnoMemory(arena);
    private final MemorySegment received = arena.allocate(70_000);
    private int near;
    private int far;

    @BeforeEach
    @SuppressWarnings("restricted")
    void openSockets() throws Throwable {
        MemorySegment pair = arena.allocate(JAVA_INT, 2);
        Linker linker = Linker.nativeLinker();
        int result = (int) linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("socketpair"),
                        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ValueLayout.ADDRESS))
                .invokeExact(AF_UNIX, SOCK_DGRAM_NONBLOCK, 0, pair);
        assertThat(result).isZero();
        near = pair.getAtIndex(JAVA_INT, 0);
        far = pair.getAtIndex(JAVA_INT, 1);
    }

    @AfterEach
    void closeSockets() {
        Libc.close(near);
        Libc.close(far);
    }

    @Test
    void flush_deviceTakesNoMore_restStaysAndGoesLater() {
        var outgoing = new Outgoing(arena, state, near, 1514, true);
        int committed = 0;
        while (offer(outgoing, committed)) {
            committed++;
        }
        assertThat(outgoing.flush()).isZero();
        assertThat(outgoing.waiting()).as("frames left").isBetween(1, committed - 1);

        for (int i = 0; i < committed; i++) {
            assertThat(take()).as("length of frame %d", i).isEqualTo(VirtioNetHeader.LENGTH + 100);
            assertThat(received.get(JAVA_BYTE, VirtioNetHeader.LENGTH)).isEqualTo((byte) i);
            assertThat(outgoing.flush()).isZero();
        }
        assertThat(outgoing.waiting()).isZero();
        assertThat(outgoing.hasRoomAgain()).isTrue();
        assertThat(outgoing.hasRoomAgain()).isFalse();
        assertThat(outgoing.packets()).isEqualTo(committed);
        assertThat(outgoing.bytes()).isEqualTo(100L * committed);
        assertThat(offer(outgoing, 0)).isTrue();
    }

    @Test
    void flush_deviceIsGone_saysSo() {
        var outgoing = new Outgoing(arena, state, near, 1514, true);
        offer(outgoing, 0);
        Libc.close(far);
        far = -1;
        assertThat(outgoing.flush()).isNotZero();
    }

    @Test
    void commit_segmentationAsked_headerAndIpChecksumAreWritten() {
        var outgoing = new Outgoing(arena, state, near, Slots.LONGEST_FRAME, true);
        long at = outgoing.reserve(5000);
        MemorySegment memory = outgoing.memory();
        memory.asSlice(at, 5000).fill((byte) 0);
        byte[] ip = {0x45, 0, 0x13, 0x7a, 0, 0, 0x40, 0, 64, 6, 0x77, 0x77, 10, 9, 0, 2, 10, 9, 0, 1};
        MemorySegment.copy(ip, 0, memory, JAVA_BYTE, at + 14, ip.length);
        outgoing.commit(5000, TxOffload.of(TxOffload.TCP_SEGMENTATION, 14, 20, 32, 1448));
        assertThat(outgoing.flush()).isZero();

        assertThat(take()).isEqualTo(VirtioNetHeader.LENGTH + 5000);
        assertThat(received.get(JAVA_BYTE, 0)).isEqualTo((byte) VirtioNetHeader.F_NEEDS_CSUM);
        assertThat(received.get(JAVA_BYTE, 1)).isEqualTo((byte) VirtioNetHeader.GSO_TCPV4);
        assertThat(received.get(JAVA_SHORT_UNALIGNED, 2)).as("hdr_len").isEqualTo((short) 66);
        assertThat(received.get(JAVA_SHORT_UNALIGNED, 4)).as("gso_size").isEqualTo((short) 1448);
        assertThat(received.get(JAVA_SHORT_UNALIGNED, 6)).as("csum_start").isEqualTo((short) 34);
        assertThat(received.get(JAVA_SHORT_UNALIGNED, 8)).as("csum_offset").isEqualTo((short) 16);
        int sum = 0;
        for (int i = 0; i < 20; i += 2) {
            sum += (received.get(JAVA_BYTE, VirtioNetHeader.LENGTH + 14 + i) & 0xff) << 8
                    | received.get(JAVA_BYTE, VirtioNetHeader.LENGTH + 15 + i) & 0xff;
        }
        assertThat((sum & 0xffff) + (sum >>> 16)).as("sum of the IP header").isEqualTo(0xffff);
    }

    @Test
    void commit_workThatMakesNoSense_isRefused() {
        var outgoing = new Outgoing(arena, state, near, Slots.LONGEST_FRAME, true);
        outgoing.reserve(1000);
        long[] senseless = {
            TxOffload.of(TxOffload.TCP_SEGMENTATION, 14, 20, 20, 0),
            TxOffload.of(TxOffload.TCP_CHECKSUM, 13, 20, 20, 0),
            TxOffload.of(TxOffload.TCP_CHECKSUM, 14, 16, 20, 0),
            TxOffload.of(TxOffload.TCP_CHECKSUM, 14, 20, 16, 0),
            TxOffload.of(TxOffload.TCP_CHECKSUM, 14, 970, 20, 0),
            TxOffload.of(TxOffload.IPV4_CHECKSUM | TxOffload.TCP_CHECKSUM, 14, 20, 20, 0),
        };
        for (long work : senseless) {
            assertThatIllegalArgumentException().isThrownBy(() -> outgoing.commit(1000, work));
        }
        outgoing.commit(1000, TxOffload.of(TxOffload.TCP_CHECKSUM, 14, 20, 20, 0));
        assertThat(outgoing.waiting()).isEqualTo(1);
    }

    private static boolean offer(Outgoing outgoing, int number) {
        long at = outgoing.reserve(100);
        if (at == PacketQueue.FULL) {
            return false;
        }
        outgoing.memory().asSlice(at, 100).fill((byte) number);
        outgoing.commit(100, TxOffload.NONE);
        return true;
    }

    private long take() {
        return Libc.read(state, far, received.address(), received.byteSize());
    }
}
