package dev.jmtcp.spi.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.TxOffload;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The ports and queues of an open driver, and the bounds of their numbers: {@link PacketIo}, {@link Port}. */
public sealed interface PortContract extends Contract permits PacketIoContractTest {

    @Test
    default void ports_areThoseAskedForInOrder() throws Exception {
        var configs = bench().fixture().configs(1);
        bench().whileOpen(configs, open -> {
            for (int i = 0; i < configs.size(); i++) {
                List<Port> ports = open.get(i).ports();
                assertThat(ports)
                        .extracting(Port::name)
                        .containsExactlyElementsOf(configs.get(i).ports().stream()
                                .map(port -> port.name())
                                .toList());
                for (int index = 0; index < ports.size(); index++) {
                    Port port = ports.get(index);
                    assertThat(port.index()).isEqualTo(index);
                    assertThat(port.mtu()).as("MTU, RFC 791 asks for 68").isGreaterThanOrEqualTo(68);
                    assertThat(port.mac().isGroup())
                            .as("%s is a group address", port.mac())
                            .isFalse();
                    assertThat(port.bitsPerSecond()).isNotNegative();
                }
                assertThat(open.get(i).ports()).isEqualTo(ports);
            }
        });
    }

    @Test
    default void rss_whereListed_namesOpenQueuesOnly() throws Exception {
        int queues = bench().fixture().queues();
        bench().onFreshLink(queues, link -> {
            for (End end : List.of(link.near(), link.far())) {
                assertThat(end.port().capabilities().maxQueues()).isGreaterThanOrEqualTo(queues);
                end.port().capabilities().rss().ifPresent(rss -> {
                    for (int queue : rss.table()) {
                        assertThat(queue).isBetween(0, queues - 1);
                    }
                });
            }
        });
    }

    @Test
    default void queue_sameCore_isTheSameObject() throws Exception {
        int queues = bench().fixture().queues();
        bench().onFreshLink(queues, link -> {
            for (int core = 0; core < queues; core++) {
                assertThat(link.far().io().queue(core)).isSameAs(link.far().queues()[core]);
            }
            assertThat(link.far().queues()).doesNotHaveDuplicates();
        });
    }

    @Test
    default void queue_noSuchCore_isOutOfBounds() throws Exception {
        bench().onLink(link -> {
            assertOutOfBounds(() -> link.far().io().queue(-1));
            assertOutOfBounds(() -> link.far().io().queue(1));
        });
    }

    @Test
    default void statistics_noSuchPort_isOutOfBounds() throws Exception {
        bench().onLink(link -> {
            PacketIo io = link.far().io();
            assertOutOfBounds(() -> io.statistics(-1));
            assertOutOfBounds(() -> io.statistics(io.ports().size()));
        });
    }

    @Test
    default void queueCalls_noSuchPort_areOutOfBounds() throws Exception {
        bench().onLink(link -> {
            PacketQueue queue = link.receiver();
            var burst = new FrameBurst(1);
            for (int port : new int[] {-1, link.far().io().ports().size()}) {
                assertOutOfBounds(() -> queue.receive(port, burst));
                assertOutOfBounds(() -> queue.transmitMemory(port));
                assertOutOfBounds(() -> queue.reserve(port, 60));
                assertOutOfBounds(() -> queue.commit(port, 60, TxOffload.NONE));
            }
        });
    }

    @Test
    default void transmitMemory_isNativeAndAlwaysTheSameObject() throws Exception {
        bench().onLink(link -> {
            var memory = link.sender().transmitMemory(link.near().index());
            assertThat(memory.isNative()).isTrue();
            link.pass(100, 100, new FrameBurst(32));
            assertThat(link.sender().transmitMemory(link.near().index())).isSameAs(memory);
        });
    }

    private static void assertOutOfBounds(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
