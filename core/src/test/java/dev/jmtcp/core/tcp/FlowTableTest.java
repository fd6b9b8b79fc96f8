package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlowTableTest {

    private static final long LOCAL = 0xffff_0a00_0001L;

    private final FlowTable table = new FlowTable(new SplittableRandom(1));

    private static final class TestFlow extends Flow {
        TestFlow(long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort) {
            this.localHigh = localHigh;
            this.localLow = localLow;
            this.localPort = (char) localPort;
            this.remoteHigh = remoteHigh;
            this.remoteLow = remoteLow;
            this.remotePort = (char) remotePort;
        }

        @Override
        protected void expired(long now) {
            throw new AssertionError("never armed");
        }
    }

    private static TestFlow flow(int n) {
        return new TestFlow(0, LOCAL, 80, 0, 0xffff_0b00_0000L + (n >>> 14), 1024 + (n & 0x3fff));
    }

    private Flow find(Flow flow) {
        return table.find(
                flow.localHigh, flow.localLow, flow.localPort, flow.remoteHigh, flow.remoteLow, flow.remotePort);
    }

    @Test
    void empty_find_isNull() {
        assertThat(find(flow(1))).isNull();
        assertThat(table.size()).isZero();
        assertThat(table.remove(flow(1))).isFalse();
    }

    @Test
    void added_find_needsAllSixToMatch() {
        TestFlow flow = new TestFlow(1, 2, 3, 4, 5, 6);
        table.add(flow);
        assertThat(table.find(1, 2, 3, 4, 5, 6)).isSameAs(flow);
        assertThat(table.find(0, 2, 3, 4, 5, 6)).isNull();
        assertThat(table.find(1, 0, 3, 4, 5, 6)).isNull();
        assertThat(table.find(1, 2, 0, 4, 5, 6)).isNull();
        assertThat(table.find(1, 2, 3, 0, 5, 6)).isNull();
        assertThat(table.find(1, 2, 3, 4, 0, 6)).isNull();
        assertThat(table.find(1, 2, 3, 4, 5, 0)).isNull();
        assertThat(table.find(4, 5, 6, 1, 2, 3)).isNull();
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void candidate_added_isTheFlow() {
        for (int n = 0; n < 1000; n++) {
            table.add(flow(n));
        }
        TestFlow flow = flow(1000);
        int hash = table.hash(
                flow.localHigh, flow.localLow, flow.localPort, flow.remoteHigh, flow.remoteLow, flow.remotePort);
        assertThat(table.candidate(hash)).isNull();
        table.add(flow);
        assertThat(table.candidate(hash)).isSameAs(flow);
        assertThat(table.readAt(hash)).isNotZero();
        table.remove(flow);
        assertThat(table.candidate(hash)).isNull();
    }

    @Test
    void add_sameAddressesAndPorts_isRefused() {
        table.add(flow(1));
        assertThatThrownBy(() -> table.add(flow(1))).isInstanceOf(IllegalStateException.class);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void remove_otherObjectWithSameAddresses_isRefused() {
        TestFlow flow = flow(1);
        table.add(flow);
        TestFlow twin = flow(1);
        twin.flowHash = flow.flowHash;
        assertThat(table.remove(twin)).isFalse();
        assertThat(table.remove(flow)).isTrue();
        assertThat(table.remove(flow)).isFalse();
        assertThat(table.size()).isZero();
    }

    @Test
    void manyFlows_growing_areAllFoundAtAnyTime() {
        List<TestFlow> flows = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 100_000; i++) {
            TestFlow flow = flow(i);
            flows.add(flow);
            table.add(flow);
            assertThat(find(flows.get(random.nextInt(flows.size())))).isNotNull();
        }
        for (TestFlow flow : flows) {
            assertThat(find(flow)).isSameAs(flow);
        }
        assertThat(table.size()).isEqualTo(100_000);
        assertThat(find(flow(100_000))).isNull();
    }

    @Test
    void expectedNumber_added_neverGrows() {
        FlowTable roomy = new FlowTable(new SplittableRandom(1), 10_000);
        int slots = roomy.slots();
        for (int i = 0; i < 10_000; i++) {
            roomy.add(flow(i));
        }
        assertThat(roomy.slots()).isEqualTo(slots);
    }

    @Test
    void slots_whileGrowing_showEachFlowOnce() {
        Set<Flow> added = new HashSet<>();
        for (int i = 0; i < 3000; i++) {
            TestFlow flow = flow(i);
            added.add(flow);
            table.add(flow);
            if (i % 97 == 0 || i > 2560 && i < 2700) {
                assertThat(shown()).containsExactlyInAnyOrderElementsOf(added);
            }
        }
    }

    @Test
    void removeAll_slotBySlotUpwards_leavesNothing() {
        for (int n : new int[] {1, 10, 500, 2561, 2600, 5000}) {
            for (int i = 0; i < n; i++) {
                table.add(flow(i));
            }
            int removed = 0;
            for (int slot = 0; slot < table.slots(); slot++) {
                for (Flow flow = table.at(slot); flow != null; flow = table.at(slot)) {
                    assertThat(table.remove(flow)).isTrue();
                    removed++;
                }
            }
            assertThat(removed).isEqualTo(n);
            assertThat(table.size()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void randomUse_besideMap_findsTheSame(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<Integer, TestFlow> model = new HashMap<>();
        for (int round = 0; round < 100_000; round++) {
            int target = 20 << random.nextInt(1 + round / 10_000);
            int n = random.nextInt(2 * target);
            TestFlow there = model.get(n);
            if (there == null) {
                if (random.nextBoolean()) {
                    TestFlow flow = flow(n);
                    table.add(flow);
                    model.put(n, flow);
                }
            } else if (random.nextBoolean()) {
                assertThat(table.remove(there)).as("seed %d", seed).isTrue();
                model.remove(n);
            }
            int probe = random.nextInt(2 * target);
            assertThat(find(flow(probe))).as("seed %d", seed).isSameAs(model.get(probe));
            assertThat(table.size()).isEqualTo(model.size());
        }
        assertThat(shown()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(model.values());
    }

    @Test
    void regularAddresses_hashes_spreadEvenly() {
        int[] buckets = new int[1024];
        for (int i = 0; i < 100 * 1024; i++) {
            TestFlow flow = flow(i);
            table.add(flow);
            buckets[flow.flowHash & 1023]++;
        }
        double chiSquare = 0;
        for (int bucket : buckets) {
            chiSquare += (bucket - 100.0) * (bucket - 100.0) / 100;
        }
        assertThat(chiSquare).isBetween(850.0, 1200.0); // 1023 degrees of freedom, standard deviation 45
    }

    @Test
    void otherSecret_givesOtherHashes() {
        FlowTable other = new FlowTable(new SplittableRandom(2));
        int same = 0;
        for (int i = 0; i < 1000; i++) {
            TestFlow flow = flow(i);
            table.add(flow);
            int hash = flow.flowHash;
            other.add(flow);
            if (hash == flow.flowHash) {
                same++;
            }
        }
        assertThat(same).isLessThan(3);
    }

    private List<Flow> shown() {
        List<Flow> shown = new ArrayList<>();
        for (int slot = 0; slot < table.slots(); slot++) {
            Flow flow = table.at(slot);
            if (flow != null) {
                shown.add(flow);
            }
        }
        return shown;
    }
}
