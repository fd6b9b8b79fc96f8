package dev.jmtcp.spi.tck;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.TxOffload;
import org.junit.jupiter.api.Test;

/** When nobody receives: the sender is told so before it has committed a frame too many, and nothing committed is lost. */
public sealed interface FullContract extends Contract permits PacketIoContractTest {

    @Test
    default void reserve_ringFullBeforeAFlush_isAnsweredFullAndLosesNothing() throws Exception {
        bench().onLink(link -> {
            for (int round = 0; round < 3; round++) {
                if (link.fill(false)) {
                    assertThatThrownBy(() -> link.sender().commit(link.near().index(), 60, TxOffload.NONE))
                            .as("commit after FULL")
                            .isInstanceOf(IllegalStateException.class);
                }
                link.flush();
                link.drain(new FrameBurst(32));
            }
        });
    }

    @Test
    default void reserve_nobodyReceives_isAnsweredFullAndLosesNothing() throws Exception {
        bench().onLink(link -> {
            for (int round = 0; round < 3; round++) {
                link.fill(true);
                link.drain(new FrameBurst(32));
            }
        });
    }

    /** Full, with one frame taken at a time and one put in its place. */
    @Test
    default void reserve_fullThenOneByOne_goesOnWhereItStopped() throws Exception {
        bench().onLink(link -> {
            link.fill(true);
            var one = new FrameBurst(1);
            for (int i = 0; i < 2000; i++) {
                if (link.take(0, one) > 0) {
                    link.accept(one);
                }
                link.offer(60);
                link.flush();
            }
            link.drain(new FrameBurst(32));
        });
    }
}
