package dev.jmtcp.spi.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.spi.FrameBurst;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames come in order, whole, and in bursts no larger than asked for: {@link dev.jmtcp.spi.PacketQueue#receive}. */
public sealed interface ReceiveContract extends Contract permits PacketIoContractTest {

    @Test
    default void receive_framesOfAllLengths_comeInOrderAsTheyWereSent() throws Exception {
        bench().onLink(link -> {
            long seed = 20_25;
            var random = new Random(seed);
            var burst = new FrameBurst(32);
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < Math.min(16, link.fixture().framesInFlight()); i++) {
                    link.send(1, random.nextInt(TestFrame.MINIMUM, link.near().longestFrame() + 1));
                }
                link.expectAll(burst);
            }
        });
    }

    @Test
    default void receive_otherDirection_comesInOrderToo() throws Exception {
        bench().onLink(link -> {
            if (!link.isLooped()) {
                Link back = link.reversed();
                var burst = new FrameBurst(32);
                for (int round = 0; round < 10; round++) {
                    link.send(8, 100);
                    back.send(8, 200);
                    back.expectAll(burst);
                    link.expectAll(burst);
                }
                back.assertSettled();
            }
        });
    }

    @Test
    default void receive_burstOfOne_leavesTheRest() throws Exception {
        framesComeInBurstsOf(1);
    }

    @Test
    default void receive_burstOf2_leavesTheRest() throws Exception {
        framesComeInBurstsOf(2);
    }

    @Test
    default void receive_burstOf32_leavesTheRest() throws Exception {
        framesComeInBurstsOf(32);
    }

    @Test
    default void receive_burstOf64_leavesTheRest() throws Exception {
        framesComeInBurstsOf(64);
    }

    private void framesComeInBurstsOf(int capacity) throws Exception {
        bench().onLink(link -> {
            var burst = new FrameBurst(capacity);
            for (int round = 0; round < 3; round++) {
                link.send(Math.min(100, link.fixture().framesInFlight()), 100);
                link.expectAll(burst);
            }
        });
    }

    @Test
    default void receive_burstsOfChangingSize_loseNothing() throws Exception {
        bench().onLink(link -> {
            for (int capacity = 1; capacity <= 64; capacity++) {
                link.send(Math.min(capacity, link.fixture().framesInFlight()), 64);
                link.expectAll(new FrameBurst(65 - capacity));
            }
        });
    }

    @Test
    default void receive_nothingThere_emptiesTheBurst() throws Exception {
        bench().onLink(link -> {
            var burst = new FrameBurst(4);
            for (int time = 0; time < 1000; time++) {
                burst.begin(MemorySegment.NULL);
                burst.add(0, 1, 0, 0);
                if (link.take(0, burst) == 0) {
                    assertThat(burst.count()).isZero();
                }
            }
        });
    }

    /** Frames given back are used again: many times the packet pool passes through. */
    @Test
    default void receive_manyTimesThePool_neverRunsDry() throws Exception {
        bench().onLink(link -> {
            var burst = new FrameBurst(64);
            link.pass(link.fixture().soak(), 60, burst);
            link.send(link.fixture().framesInFlight(), 60);
            link.expectAll(burst);
        });
    }
}
