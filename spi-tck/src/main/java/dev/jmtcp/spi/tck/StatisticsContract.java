package dev.jmtcp.spi.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PortStatistics;
import dev.jmtcp.spi.TxOffload;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Counters add up: {@link PortStatistics}. */
public sealed interface StatisticsContract extends Contract permits PacketIoContractTest {

    @Test
    default void statistics_justOpened_areZero() throws Exception {
        bench().onFreshLink(1, link -> {
            PortStatistics near = link.near().io().statistics(link.near().index());
            PortStatistics far = link.far().io().statistics(link.far().index());
            assertThat(near.txPackets()).isZero();
            assertThat(near.txBytes()).isZero();
            assertThat(far.rxPackets()).isZero();
            assertThat(far.rxBytes()).isZero();
        });
    }

    @Test
    default void statistics_framesPass_countEachWithItsBytes() throws Exception {
        bench().onFreshLink(1, link -> {
            long seed = 7;
            var random = new Random(seed);
            var burst = new FrameBurst(32);
            for (int i = 0; i < 200; i++) {
                int length =
                        random.nextInt(TestFrame.ETHERNET_MINIMUM, link.near().longestFrame() + 1);
                link.write(link.reserve(link.near().longestFrame()), length);
                link.commit(length);
                link.send(1, length);
                link.expectAll(burst);
            }
            // What others sent may come at any time: take it, so that the counters and the count here rest together.
            for (long end = link.deadline(); !addsUp(link) && link.isBefore(end); ) {
                link.turn();
                link.take(0, burst);
            }
            PortStatistics near = link.near().io().statistics(link.near().index());
            PortStatistics far = link.far().io().statistics(link.far().index());
            assertThat(near.txPackets()).as("txPackets").isEqualTo(link.sent());
            assertThat(near.txBytes()).as("txBytes").isEqualTo(link.sentBytes());
            assertThat(far.rxPackets()).as("rxPackets").isEqualTo(link.taken());
            assertThat(far.rxBytes()).as("rxBytes").isEqualTo(link.takenBytes());
        });
    }

    /** A frame that was never committed was never sent. */
    @Test
    default void statistics_abandonedAndRefusedFrames_countNothing() throws Exception {
        bench().onFreshLink(1, link -> {
            for (int i = 0; i < 10; i++) {
                link.reserve(100);
                try {
                    link.sender().commit(link.near().index(), 101, TxOffload.NONE);
                } catch (IllegalArgumentException _) {
                    // as it should be: see TransmitContract
                }
            }
            link.assertSettled();
            assertThat(settledTxPackets(link)).isEqualTo(link.sent());
        });
    }

    /** What is committed while nobody receives is sent in time, or counted as dropped. */
    @Test
    default void statistics_receiverOverrun_missNoFrame() throws Exception {
        bench().onFreshLink(1, link -> {
            link.fill(true);
            link.drain(new FrameBurst(32));
            int lost = link.sent() - link.came();
            long sent = settledTxPackets(link);
            PortStatistics near = link.near().io().statistics(link.near().index());
            PortStatistics far = link.far().io().statistics(link.far().index());
            long dropped = near.dropped() + (link.isLooped() ? 0 : far.dropped());
            switch (link.fixture().whenFull()) {
                case WAITS -> assertThat(sent).as("txPackets").isEqualTo(link.sent());
                case DROPS_AND_COUNTS -> {
                    assertThat(dropped)
                            .as("drops: %s, %s", near.drops(), far.drops())
                            .isEqualTo(lost);
                    assertThat(sent).as("txPackets").isLessThanOrEqualTo(link.sent());
                    assertThat(sent + near.dropped()).isGreaterThanOrEqualTo(link.sent());
                }
                case DROPS -> {
                    assertThat(sent).as("txPackets").isLessThanOrEqualTo(link.sent());
                    assertThat(sent + near.dropped()).isGreaterThanOrEqualTo(link.sent());
                }
            }
        });
    }

    private static boolean addsUp(Link link) {
        PortStatistics near = link.near().io().statistics(link.near().index());
        PortStatistics far = link.far().io().statistics(link.far().index());
        return near.txPackets() == link.sent() && far.rxPackets() == link.taken();
    }

    /** The frames sent, once the device has counted all that were committed, or patience is over. */
    private static long settledTxPackets(Link link) {
        long packets = 0;
        for (long end = link.deadline(); link.isBefore(end); ) {
            PortStatistics statistics = link.near().io().statistics(link.near().index());
            packets = statistics.txPackets();
            if (packets + statistics.dropped() >= link.sent()) {
                break;
            }
            link.turn();
        }
        return packets;
    }
}
