package dev.jmtcp.spi.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.Offload;
import dev.jmtcp.spi.RxFlags;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Work that the device takes off the stack, where it says so, and refuses where not: {@link Offload}, {@link TxOffload}, {@link RxFlags}. */
public sealed interface OffloadContract extends Contract permits PacketIoContractTest {

    @Test
    default void commit_checksumsLeftToTheDevice_frameComesOutRight() throws Exception {
        bench().onLink(link -> {
            Capabilities can = link.near().port().capabilities();
            int flags = (can.has(Offload.TX_IPV4_CHECKSUM) ? TxOffload.IPV4_CHECKSUM : 0)
                    | (can.has(Offload.TX_TCP_CHECKSUM) ? TxOffload.TCP_CHECKSUM : 0);
            for (int payload :
                    new int[] {0, 1, 6, 7, 100, 333, link.near().port().mtu() - 40}) {
                sendSegment(link, payload, flags, 0);
                receiveStream(link, payload, payload);
            }
        });
    }

    @Test
    default void commit_offloadThatIsNotListed_isRefusedAndLeavesTheFrameReserved() throws Exception {
        var flags = new EnumMap<Offload, Integer>(Map.of(
                Offload.TX_IPV4_CHECKSUM, TxOffload.IPV4_CHECKSUM,
                Offload.TX_TCP_CHECKSUM, TxOffload.TCP_CHECKSUM,
                Offload.TCP_SEGMENTATION, TxOffload.TCP_SEGMENTATION));
        bench().onLink(link -> {
            Capabilities can = link.near().port().capabilities();
            link.write(link.reserve(200), 200);
            flags.forEach((offload, flag) -> {
                if (!can.has(offload)) {
                    assertThatThrownBy(() ->
                                    link.sender().commit(link.near().index(), 200, TxOffload.of(flag, 14, 20, 20, 100)))
                            .as("commit with %s", offload)
                            .isInstanceOf(IllegalArgumentException.class);
                }
            });
            link.commit(200);
            link.flushAll();
            link.expectAll(new FrameBurst(4));
        });
    }

    /** Where segmentation is listed, what comes out is the same stream in segments of that size, or coalesced and flagged so. */
    @Test
    default void commit_segmentationWhereListed_streamComesOutInSegments() throws Exception {
        bench().onLink(link -> {
            Capabilities can = link.near().port().capabilities();
            if (can.has(Offload.TCP_SEGMENTATION)) {
                int size = Math.min(536, link.near().port().mtu() - 40);
                for (int payload : new int[] {size, size + 1, 3 * size, 5 * size + 17}) {
                    if (TcpFrame.HEADERS + payload <= can.maxTsoFrame()) {
                        sendSegment(link, payload, TxOffload.TCP_SEGMENTATION, size);
                        receiveStream(link, payload, size);
                    }
                }
            }
        });
    }

    @Test
    default void receive_rightChecksums_areNotCalledBad() throws Exception {
        bench().onLink(link -> {
            for (int payload = 0; payload < 50; payload++) {
                sendSegment(link, payload, 0, 0);
                receiveStream(link, payload, payload);
            }
        });
    }

    @Test
    default void receive_wrongTcpChecksum_isNotCalledGood() throws Exception {
        bench().onLink(link -> {
            int length = TcpFrame.HEADERS + 64;
            long offset = link.reserve(length);
            MemorySegment memory = link.sender().transmitMemory(link.near().index());
            TcpFrame.write(
                    memory, offset, 1, 64, 0, link.far().mac(), link.near().mac());
            TcpFrame.breakTcpChecksum(memory, offset);
            link.sender().commit(link.near().index(), length, TxOffload.NONE);
            link.flushAll();
            // A device may drop what is broken; if it hands it over, then not as good.
            link.send(1, 100);
            var burst = new FrameBurst(1);
            for (long end = link.deadline(); link.came() < link.sent(); ) {
                assertThat(link.isBefore(end)).as("the frame after it comes").isTrue();
                if (link.take(0, burst) == 0) {
                    link.turn();
                } else if (TcpFrame.isOurs(burst.memory(), burst.offset(0), burst.length(0))) {
                    assertThat(burst.flags(0) & RxFlags.TCP_CHECKSUM_GOOD).isZero();
                } else {
                    link.accept(burst);
                }
            }
        });
    }

    private static void sendSegment(Link link, int payload, int flags, int segmentSize) {
        int length = TcpFrame.HEADERS + payload;
        long offset = link.reserve(length);
        MemorySegment memory = link.sender().transmitMemory(link.near().index());
        TcpFrame.write(
                memory, offset, 7, payload, flags, link.far().mac(), link.near().mac());
        long offload = flags == 0
                ? TxOffload.NONE
                : TxOffload.of(flags, TcpFrame.ETHERNET, TcpFrame.IP, TcpFrame.TCP, segmentSize);
        link.sender().commit(link.near().index(), length, offload);
        link.flushAll();
    }

    /** Receives one segment after the other until so much payload has come, each no longer than that unless coalesced. */
    private static void receiveStream(Link link, int payload, int segmentSize) {
        var burst = new FrameBurst(4);
        int place = 0;
        int segments = 0;
        for (long end = link.deadline(); segments == 0 || place < payload; ) {
            assertThat(link.isBefore(end)).as("payload from %d on comes", place).isTrue();
            if (link.take(0, burst) == 0) {
                link.flush();
                link.turn();
            }
            for (int i = 0; i < burst.count(); i++) {
                if (TcpFrame.isOurs(burst.memory(), burst.offset(i), burst.length(i))) {
                    place += checkSegment(burst, i, place, segmentSize);
                    segments++;
                }
            }
        }
        assertThat(place).as("payload received").isEqualTo(payload);
    }

    private static int checkSegment(FrameBurst burst, int i, int place, int segmentSize) {
        MemorySegment memory = burst.memory();
        long offset = burst.offset(i);
        int flags = burst.flags(i);
        int payload = TcpFrame.payload(memory, offset);
        assertThat(TcpFrame.place(memory, offset)).as("place in the stream").isEqualTo(place);
        assertThat(TcpFrame.isIntact(memory, offset, place))
                .as("ports and payload are as sent")
                .isTrue();
        if ((flags & RxFlags.COALESCED) == 0) {
            assertThat(payload).isLessThanOrEqualTo(segmentSize);
        }
        assertThat(flags & (RxFlags.IP_CHECKSUM_BAD | RxFlags.TCP_CHECKSUM_BAD))
                .as("flags of a good frame")
                .isZero();
        if ((flags & RxFlags.IP_CHECKSUM_GOOD) == 0) {
            assertThat(TcpFrame.ipChecksumIsRight(memory, offset))
                    .as("IPv4 checksum")
                    .isTrue();
        }
        if ((flags & RxFlags.TCP_CHECKSUM_GOOD) == 0) {
            assertThat(TcpFrame.tcpChecksumIsRight(memory, offset))
                    .as("TCP checksum")
                    .isTrue();
        }
        return payload;
    }
}
