package dev.jmtcp.spi.tck;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.jmtcp.spi.FrameBurst;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Once warm no call allocates: {@link dev.jmtcp.spi.PacketQueue}. */
public sealed interface AllocationContract extends Contract permits PacketIoContractTest {

    @Test
    default void warm_manyPackets_allocateNothing() throws Exception {
        bench().onLink(link -> {
            int packets = Math.max(50_000, link.fixture().soak());
            var burst = new FrameBurst(32);
            assertNoAllocation(() -> {
                for (int left = packets; left > 0; left -= 32) {
                    link.pass(32, 60, burst);
                    link.take(0, burst);
                }
            });
        });
    }

    @Test
    default void warm_awaitsAndWakeups_allocateNothing() throws Exception {
        bench().onLink(link -> assertNoAllocation(() -> {
            for (int i = 0; i < 20_000; i++) {
                link.receiver().wakeup();
                link.receiver().await(1000);
                link.receiver().await(0);
            }
        }));
    }

    @Test
    default void warm_fullRing_allocatesNothing() throws Exception {
        bench().onLink(link -> {
            var burst = new FrameBurst(32);
            assertNoAllocation(() -> {
                for (int time = 0; time < 20; time++) {
                    for (int i = 0; i < 4096 && link.offer(60); i++) {
                        if (i % 32 == 31) {
                            link.flush();
                        }
                    }
                    link.flush();
                    link.drain(burst);
                }
            });
        });
    }

    private static void assertNoAllocation(Runnable round) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < Limits.WARM_UP_ROUNDS && least > Limits.FEW_BYTES; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            round.run();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least)
                .as("bytes allocated in the best of %d rounds", Limits.WARM_UP_ROUNDS)
                .isLessThanOrEqualTo(Limits.FEW_BYTES);
    }
}
