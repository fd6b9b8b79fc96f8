package dev.jmtcp.spi.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.Rss;
import dev.jmtcp.spi.Toeplitz;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Several queues, as many as {@link DriverFixture#queues} says: {@link Rss}. */
public sealed interface QueueContract extends Contract permits PacketIoContractTest {

    @Test
    default void queues_everyFrame_reachesExactlyOne() throws Exception {
        int queues = bench().fixture().queues();
        bench().onFreshLink(queues, link -> {
            int[] all = IntStream.range(0, queues).toArray();
            for (int sender = 0; sender < queues; sender++) {
                var flows = new Flows(link, 512);
                flows.exchange(sender, 0, 1, all);
                // A frame that comes twice would come soon.
                var burst = new FrameBurst(32);
                for (int turn = 0; turn < 20; turn++) {
                    for (int queue : all) {
                        flows.collect(queue, burst);
                    }
                    link.turn();
                }
            }
        });
    }

    /** Where RSS is listed, the flow arrives where the hash of its addresses and ports points, with that hash if with any. */
    @Test
    default void queues_whereRssIsListed_flowArrivesWhereItsHashPoints() throws Exception {
        int queues = bench().fixture().queues();
        bench().onFreshLink(queues, link -> {
            var flows = new Flows(link, 512);
            flows.exchange(0, 0, 1, IntStream.range(0, queues).toArray());
            link.far().port().capabilities().rss().ifPresent(rss -> {
                var toeplitz = new Toeplitz(rss.key());
                for (int flow = 0; flow < 512; flow++) {
                    int hash = TcpFrame.hash(toeplitz, flow);
                    assertThat(flows.queueOf(flow)).as("queue of flow %d", flow).isEqualTo(rss.queueOf(hash));
                    assertThat(flows.hashOf(flow, hash))
                            .as("hash of flow %d", flow)
                            .isEqualTo(hash);
                }
            });
        });
    }

    /** Every thread has a queue of its own at both ends, sends on one and receives on the other. */
    @Test
    default void queues_aThreadEach_doNotDisturbEachOther() throws Exception {
        int queues = bench().fixture().queues();
        bench().onFreshLink(queues, link -> {
            var flows = new Flows(link, 20_000);
            var failures = new ConcurrentLinkedQueue<Throwable>();
            var threads = new ArrayList<Thread>();
            for (int queue = 0; queue < queues; queue++) {
                int own = queue;
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        flows.exchange(own, own, queues, own);
                    } catch (Throwable t) {
                        failures.add(t);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).isEmpty();
            assertThat(flows.isComplete()).isTrue();
        });
    }

    /** A burst of one queue is not touched by what the others receive. */
    @Test
    default void queues_othersReceive_receivedFramesStayAsTheyAre() throws Exception {
        int queues = bench().fixture().queues();
        bench().onFreshLink(queues, link -> {
            var held = new Held[queues];
            for (int queue = 0; queue < queues; queue++) {
                held[queue] = Held.of(new FrameBurst(8));
            }
            link.send(Math.min(64, link.fixture().framesInFlight()), 100);
            for (int turn = 0; turn < 20; turn++) {
                for (int queue = 0; queue < queues; queue++) {
                    if (held[queue].content().isEmpty()) {
                        link.take(queue, held[queue].burst());
                        held[queue] = Held.of(held[queue].burst());
                    }
                }
                link.turn();
            }
            for (Held burst : held) {
                burst.assertUnchanged();
            }
        });
    }
}
