package dev.jmtcp.spi.tck;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.TxOffload;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** After {@link dev.jmtcp.spi.PacketIo#close}. */
public sealed interface CloseContract extends Contract permits PacketIoContractTest {

    @Test
    default void close_thenAnyQueueCall_isRefused() throws Exception {
        int queues = bench().fixture().queues();
        bench().onFreshLink(queues, link -> {
            link.reserve(100);
            link.near().io().close();
            link.far().io().close();
            for (int core = 0; core < queues; core++) {
                assertAllRefused(link.near().queues()[core], link.near().index());
                assertAllRefused(link.far().queues()[core], link.far().index());
            }
        });
    }

    @Test
    default void close_again_doesNothing() throws Exception {
        bench().onFreshLink(1, link -> {
            link.send(3, 100);
            link.far().io().close();
            assertThatCode(() -> link.far().io().close()).doesNotThrowAnyException();
        });
    }

    @Test
    default void close_thenWakeup_isHarmless() throws Exception {
        bench().onFreshLink(1, link -> {
            link.far().io().close();
            assertThatCode(() -> link.receiver().wakeup()).doesNotThrowAnyException();
        });
    }

    /** Everything was given back: frames in flight, held or half-written at the close are no one's any more. */
    @Test
    default void close_inTheMiddleOfTraffic_canBeOpenedAgain() throws Exception {
        for (int time = 0; time < 3; time++) {
            bench().onFreshLink(1, link -> {
                link.assertSettled();
                link.send(10, 100);
                link.take(0, new FrameBurst(2));
                link.reserve(200);
            });
        }
        bench().onFreshLink(1, link -> link.pass(100, 100, new FrameBurst(32)));
    }

    private static void assertAllRefused(PacketQueue queue, int port) {
        assertRefused("receive", () -> queue.receive(port, new FrameBurst(1)));
        assertRefused("transmitMemory", () -> queue.transmitMemory(port));
        assertRefused("reserve", () -> queue.reserve(port, 60));
        assertRefused("commit", () -> queue.commit(port, 60, TxOffload.NONE));
        assertRefused("flush", queue::flush);
        assertRefused("await", () -> queue.await(0));
    }

    private static void assertRefused(String name, ThrowingCallable call) {
        assertThatThrownBy(call).as("%s after close", name).isInstanceOf(IllegalStateException.class);
    }
}
