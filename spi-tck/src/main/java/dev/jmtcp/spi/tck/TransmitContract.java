package dev.jmtcp.spi.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Reserve, commit, flush: {@link PacketQueue}. */
public sealed interface TransmitContract extends Contract permits PacketIoContractTest {

    @Test
    default void commit_aroundTheEthernetMinimum_arrivesAsItIsOrPadded() throws Exception {
        bench().onLink(link -> {
            for (int length : new int[] {
                TestFrame.MINIMUM,
                TestFrame.ETHERNET_MINIMUM - 1,
                TestFrame.ETHERNET_MINIMUM,
                TestFrame.ETHERNET_MINIMUM + 1
            }) {
                link.send(1, length);
                link.expectAll(new FrameBurst(4));
            }
        });
    }

    @Test
    default void commit_upToTheMtu_arrives() throws Exception {
        bench().onLink(link -> {
            for (int shorter = 2; shorter >= 0; shorter--) {
                link.send(1, link.near().longestFrame() - shorter);
                link.expectAll(new FrameBurst(4));
            }
        });
    }

    @Test
    default void reserve_lengthThatNoFrameHas_isRefused() throws Exception {
        bench().onLink(link -> {
            int most = Math.max(
                    link.near().longestFrame(),
                    link.near().port().capabilities().maxTsoFrame());
            for (int capacity : new int[] {most + 1, Integer.MAX_VALUE, 0, -1, Integer.MIN_VALUE}) {
                assertThatThrownBy(() -> link.sender().reserve(link.near().index(), capacity))
                        .as("reserve(%d)", capacity)
                        .isInstanceOf(IllegalArgumentException.class);
            }
            assertThat(link.reserve(1)).isNotNegative();
            assertThat(link.reserve(most)).isNotNegative();
        });
    }

    @Test
    default void reserve_again_abandonsTheFirst() throws Exception {
        bench().onLink(link -> {
            link.write(link.reserve(500), 500);
            link.send(1, 80);
            link.expectAll(new FrameBurst(4));
        });
    }

    @Test
    default void reserve_abandonedOverAndOver_leaksNothing() throws Exception {
        bench().onLink(link -> {
            for (int i = 0; i < link.fixture().soak(); i++) {
                if (link.sender()
                                .reserve(
                                        link.near().index(), 1 + i % link.near().longestFrame())
                        == PacketQueue.FULL) {
                    throw new AssertionError("FULL after " + i + " abandoned frames");
                }
            }
            link.pass(256, 100, new FrameBurst(32));
        });
    }

    @Test
    default void reservedFrame_receiveFlushAndAwait_staysReserved() throws Exception {
        bench().onLink(link -> {
            var burst = new FrameBurst(4);
            link.send(3, 100);
            link.write(link.reserve(200), 200);
            link.flush();
            for (int i = 0; i < 3; i++) {
                link.accept(takeOnce(link, burst));
                link.sender().await(0);
            }
            link.commit(200);
            link.flushAll();
            link.expectAll(burst);
        });
    }

    @Test
    default void commit_shorterThanReserved_sendsWhatWasCommitted() throws Exception {
        bench().onLink(link -> {
            link.write(link.reserve(link.near().longestFrame()), 100);
            link.commit(100);
            link.flushAll();
            link.expectAll(new FrameBurst(4));
        });
    }

    @Test
    default void commit_withoutReserve_isRefused() throws Exception {
        bench().onLink(link -> {
            assertNothingReserved(link);
            link.send(1, 100);
            assertNothingReserved(link);
            link.expectAll(new FrameBurst(4));
        });
    }

    @Test
    default void commit_badLength_isRefusedAndLeavesTheFrameReserved() throws Exception {
        bench().onLink(link -> {
            link.write(link.reserve(100), 100);
            for (int length : new int[] {0, -1, 101, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                assertThatThrownBy(() -> link.sender().commit(link.near().index(), length, TxOffload.NONE))
                        .as("commit(%d)", length)
                        .isInstanceOf(IllegalArgumentException.class);
            }
            link.commit(100);
            link.flushAll();
            link.expectAll(new FrameBurst(4));
        });
    }

    @Test
    default void flush_nothingCommitted_leavesNothing() throws Exception {
        bench().onLink(link -> assertThat(link.sender().flush()).isZero());
    }

    /** A frame may be written in pieces, in any order, until it is committed. */
    @Test
    default void reservedFrame_filledFromTheEnd_arrives() throws Exception {
        bench().onLink(link -> {
            int length = 700;
            long offset = link.reserve(length);
            MemorySegment memory = link.sender().transmitMemory(link.near().index());
            memory.asSlice(offset, length).fill((byte) 0xee);
            link.write(offset, length);
            link.commit(length);
            link.flushAll();
            link.expectAll(new FrameBurst(4));
        });
    }

    private static FrameBurst takeOnce(Link link, FrameBurst burst) {
        link.take(0, burst);
        return burst;
    }

    private static void assertNothingReserved(Link link) {
        assertThatThrownBy(() -> link.sender().commit(link.near().index(), 60, TxOffload.NONE))
                .isInstanceOf(IllegalStateException.class);
    }
}
