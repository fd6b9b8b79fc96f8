package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.Allocation.assertNone;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.core.buffer.ByteWindow;
import dev.jmtcp.core.buffer.ChunkPool;
import dev.jmtcp.core.buffer.Ranges;
import dev.jmtcp.core.timer.TimerWheel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What TCP does for each packet allocates nothing once warm. Each action does its work a thousand times, so that one object each would show. */
class LeafAllocationTest {

    private static final int TIMES = 1000;

    private static final class TestFlow extends Flow {
        @Override
        protected void expired(long now) {
            remotePort++;
        }
    }

    private Object sink = "";

    @Test
    void allocatingAction_isFound() {
        assertThatThrownBy(() -> assertNone(() -> {
                    for (int i = 0; i < TIMES; i++) {
                        sink = Arrays.asList(sink.hashCode());
                    }
                }))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void timers_scheduledCancelledExpired_allocateNothing() {
        TimerWheel wheel = new TimerWheel(0);
        TestFlow[] timers = new TestFlow[100];
        Arrays.setAll(timers, i -> new TestFlow());
        long[] now = {0};
        assertNone(() -> {
            for (int i = 0; i < TIMES; i++) {
                now[0] += 1_000_000;
                wheel.schedule(timers[i % 100], now[0] + i % 77 * 1_000_000L);
                wheel.cancel(timers[(i * 7) % 100]);
                wheel.advance(Math.min(now[0], wheel.nextDeadline()));
            }
        });
    }

    @Test
    void windows_filledAndEmptied_allocateNothing() {
        try (ChunkPool pool = new ChunkPool(1 << 20);
                Arena arena = Arena.ofShared()) {
            ByteWindow window = new ByteWindow(pool);
            MemorySegment memory = arena.allocate(1 << 16);
            assertNone(() -> {
                for (int i = 0; i < TIMES; i++) {
                    window.put(window.end(), memory, 0, 1448);
                    window.put(window.end() + 1448, memory, 0, 1448);
                    window.get(window.end() - 1448, memory, 0, 1448);
                    window.release(i % 10 == 0 ? window.end() : Math.max(window.base(), window.end() - 20_000));
                }
            });
        }
    }

    @Test
    void ranges_addedAndRemoved_allocateNothing() {
        Ranges ranges = new Ranges(64);
        long[] at = {0};
        assertNone(() -> {
            for (int i = 0; i < TIMES; i++) {
                at[0] += 100;
                ranges.add(at[0], at[0] + 50);
                if (ranges.count() > 30) {
                    ranges.add(at[0] - 1000, at[0]);
                    ranges.removeBelow(at[0] - 500);
                }
                ranges.recent(0);
            }
        });
    }

    @Test
    void flows_addedFoundRemoved_allocateNothing() {
        FlowTable table = new FlowTable(new SplittableRandom(1), TIMES);
        TestFlow[] flows = new TestFlow[TIMES];
        Arrays.setAll(flows, i -> {
            TestFlow flow = new TestFlow();
            flow.remotePort = (char) i;
            return flow;
        });
        assertNone(() -> {
            for (TestFlow flow : flows) {
                table.add(flow);
            }
            for (TestFlow flow : flows) {
                table.remove(table.find(0, 0, 0, 0, 0, flow.remotePort));
            }
        });
    }

    @Test
    void segments_sentLostAcked_allocateNothing() {
        SentSegments sent = new SentSegments();
        sent.reset(0);
        assertNone(() -> {
            for (int i = 0; i < TIMES; i++) {
                for (int k = 0; k < 20; k++) {
                    sent.sent(sent.nxt() + 1448, i);
                }
                SelectiveAcks.take(sent, sent.una() + 2000, sent.una() + 20_000);
                LossMarks.markBelowSacked(sent, 1448, 3);
                for (int lost = NextSegment.lost(sent); lost >= 0; lost = NextSegment.lost(sent)) {
                    sent.retransmitted(lost, sent.end(lost), i);
                }
                sent.acked(sent.nxt());
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"newreno", "cubic"})
    void congestionControlAndRtt_ackedAndLost_allocateNothing(String name) {
        CongestionControl control = CongestionControls.create(name);
        control.reset(1448, 14480);
        RttEstimator estimator = new RttEstimator();
        long[] now = {0};
        assertNone(() -> {
            for (int i = 0; i < TIMES; i++) {
                now[0] += 1_000_000;
                estimator.sample(1_000_000 + i, 10);
                control.onAck(2896, estimator.smoothedRtt(), estimator.minRtt(), now[0], true);
                if (i % 100 == 99) {
                    control.onCongestion(control.cwnd(), now[0]);
                    control.onRecovered();
                }
            }
        });
    }

    @Test
    void numbersAndPorts_chosen_allocateNothing() {
        IsnGenerator generator = new IsnGenerator(new SplittableRandom(1));
        PortAllocator allocator = new PortAllocator(new SplittableRandom(1));
        int[] sum = {0};
        assertNone(() -> {
            for (int i = 0; i < TIMES; i++) {
                sum[0] += IsnGenerator.isn(generator.secret(0, i, 80, 0, i, i), i);
                sum[0] += allocator.pick(0, i, 0, i, 80, port -> port % 16 == 0);
            }
        });
    }
}
