package dev.jmtcp.spi.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Resting and waking: {@link PacketQueue#await} and {@link PacketQueue#wakeup}. What ends a rest is tested by awaiting much longer than
 * the answer may take; a driver that never rests passes too.
 */
public sealed interface AwaitContract extends Contract permits PacketIoContractTest {

    @Test
    default void await_timeIsUp_returns() throws Exception {
        bench().onLink(link -> {
            long start = System.nanoTime();
            link.receiver().await(Long.MIN_VALUE);
            link.receiver().await(-1);
            link.receiver().await(0);
            link.receiver().await(1);
            link.receiver().await(5_000_000);
            assertPrompt(link, start);
        });
    }

    @Test
    default void await_frameIsThere_returns() throws Exception {
        bench().onLink(link -> {
            for (int i = 0; i < 10; i++) {
                link.send(1, 100);
                long start = System.nanoTime();
                awaitFrame(link);
                assertPrompt(link, start);
            }
        });
    }

    @Test
    default void await_framesLeftByASmallBurst_returns() throws Exception {
        bench().onLink(link -> {
            var one = new FrameBurst(1);
            link.send(10, 100);
            while (link.came() < link.sent()) {
                long start = System.nanoTime();
                awaitFrame(link, one);
                assertPrompt(link, start);
            }
        });
    }

    /** The sender is another thread, where the link's ends are drivers of their own. */
    @Test
    default void await_frameComesFromAnotherThread_returns() throws Exception {
        bench().onFreshLink(1, link -> {
            if (!link.isOneDriver()) {
                Thread sender = Thread.ofPlatform().start(() -> {
                    LockSupport.parkNanos(Limits.HEAD_START);
                    link.send(1, 100);
                });
                long start = System.nanoTime();
                awaitFrame(link);
                assertPrompt(link, start);
                sender.join();
            } else {
                link.send(1, 100);
                awaitFrame(link);
            }
        });
    }

    @Test
    default void await_writableAgainAfterFull_returns() throws Exception {
        bench().onLink(link -> {
            boolean full = link.fill(false) && link.fixture().whenFull() == DriverFixture.WhenFull.WAITS;
            link.flush();
            link.drain(new FrameBurst(32));
            if (full) {
                long start = System.nanoTime();
                link.sender().await(2 * link.fixture().patienceNanos());
                assertPrompt(link, start);
            }
        });
    }

    @Test
    default void wakeup_beforeAwait_endsTheNextOne() throws Exception {
        bench().onLink(link -> {
            for (int i = 0; i < 10; i++) {
                long start = System.nanoTime();
                link.receiver().wakeup();
                link.receiver().await(2 * link.fixture().patienceNanos());
                assertPrompt(link, start);
            }
        });
    }

    @Test
    default void wakeup_fromAnotherThread_endsAwait() throws Exception {
        bench().onLink(link -> {
            for (int i = 0; i < 5; i++) {
                PacketQueue queue = link.receiver();
                long start = System.nanoTime();
                Thread waker = Thread.ofPlatform().start(() -> {
                    LockSupport.parkNanos(Limits.HEAD_START);
                    queue.wakeup();
                });
                queue.await(2 * link.fixture().patienceNanos());
                assertPrompt(link, start);
                waker.join();
                queue.await(0);
            }
        });
    }

    @Test
    default void wakeup_manyTimes_costsNoFrames() throws Exception {
        bench().onLink(link -> {
            for (int i = 0; i < 1000; i++) {
                link.receiver().wakeup();
            }
            link.pass(64, 100, new FrameBurst(32));
        });
    }

    @Test
    default void close_fromAnotherThread_endsAwait() throws Exception {
        bench().onFreshLink(1, link -> {
            long start = System.nanoTime();
            Thread closer = Thread.ofPlatform().start(() -> {
                LockSupport.parkNanos(Limits.HEAD_START);
                link.far().io().close();
            });
            boolean closed = false;
            while (!closed && System.nanoTime() - start < link.fixture().patienceNanos()) {
                try {
                    link.receiver().await(2 * link.fixture().patienceNanos());
                } catch (IllegalStateException _) {
                    closed = true;
                }
            }
            assertPrompt(link, start);
            closer.join();
        });
    }

    private static void awaitFrame(Link link) {
        awaitFrame(link, new FrameBurst(4));
    }

    /** Awaits and receives until a frame of ours has come; other frames and early returns may come in between. */
    private static void awaitFrame(Link link, FrameBurst burst) {
        for (long end = link.deadline(); ; ) {
            link.receiver().await(2 * link.fixture().patienceNanos());
            if (link.take(0, burst) > 0 && link.accept(burst) > 0) {
                return;
            }
            assertThat(link.isBefore(end)).as("a frame comes").isTrue();
            link.turn();
        }
    }

    private static void assertPrompt(Link link, long start) {
        assertThat(System.nanoTime() - start)
                .as("ns until await returned")
                .isLessThan(link.fixture().patienceNanos());
    }
}
