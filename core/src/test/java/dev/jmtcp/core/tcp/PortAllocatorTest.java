package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortAllocatorTest {

    private static final long LOCAL = 0xffff_0a00_0001L;
    private static final long REMOTE = 0xffff_0a00_0002L;

    private static int pick(PortAllocator allocator, long remote, BitSet used) {
        int port = allocator.pick(0, LOCAL, 0, remote, 80, p -> !used.get(p));
        if (port >= 0) {
            used.set(port);
        }
        return port;
    }

    @Test
    void defaultRange_allPorts_areGivenOnceThenNone() {
        PortAllocator allocator = new PortAllocator(new SplittableRandom(1));
        BitSet used = new BitSet();
        int count = 60999 - 32768 + 1;
        for (int i = 0; i < count; i++) {
            assertThat(pick(allocator, REMOTE, used)).isBetween(32768, 60999);
        }
        assertThat(used.cardinality()).isEqualTo(count);
        assertThat(pick(allocator, REMOTE, used)).isEqualTo(-1);
        used.clear(40000);
        assertThat(pick(allocator, REMOTE, used)).isEqualTo(40000);
    }

    @ParameterizedTest
    @CsvSource({"1025, 65535", "5000, 5000", "65535, 65535", "1, 3", "100, 107"})
    void anyRange_ports_areWithinAndAllReachable(int first, int last) {
        PortAllocator allocator = new PortAllocator(new SplittableRandom(1), first, last);
        BitSet used = new BitSet();
        for (int i = first; i <= last; i++) {
            assertThat(pick(allocator, REMOTE, used)).isBetween(first, last);
        }
        assertThat(pick(allocator, REMOTE, used)).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({"0, 10", "1, 65536", "10, 9"})
    void badRange_isRefused(int first, int last) {
        assertThatThrownBy(() -> new PortAllocator(new SplittableRandom(1), first, last))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sameDestination_portGivenBack_isNotGivenAgainSoon() {
        PortAllocator allocator = new PortAllocator(new SplittableRandom(3));
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 28232 / 8; i++) { // steps are 8 at most
            int port = allocator.pick(0, LOCAL, 0, REMOTE, 80, p -> true);
            assertThat(seen.add(port)).isTrue();
        }
    }

    @Test
    void sameDestination_steps_vary() {
        PortAllocator allocator = new PortAllocator(new SplittableRandom(4));
        Set<Integer> steps = new HashSet<>();
        int last = allocator.pick(0, LOCAL, 0, REMOTE, 80, p -> true);
        for (int i = 0; i < 200; i++) {
            int port = allocator.pick(0, LOCAL, 0, REMOTE, 80, p -> true);
            steps.add(Math.floorMod(port - last, 28232));
            last = port;
        }
        assertThat(steps).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void destinations_firstPorts_areSpreadOverTheRange() {
        PortAllocator allocator = new PortAllocator(new SplittableRandom(5));
        int[] eighths = new int[8];
        for (int i = 0; i < 8000; i++) {
            int port = allocator.pick(0, LOCAL, 0, REMOTE + i, 80, p -> true);
            eighths[(port - 32768) * 8 / 28232]++;
        }
        for (int eighth : eighths) {
            assertThat(eighth).isBetween(850, 1150);
        }
    }

    @Test
    void acceptRejectsMost_stillFindsTheRest() {
        // as when only the packets to one port in sixteen come to this core
        PortAllocator allocator = new PortAllocator(new SplittableRandom(6));
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 28232 / 16; i++) {
            ports.add(allocator.pick(0, LOCAL, 0, REMOTE, 80, p -> p % 16 == 3 && !ports.contains(p)));
        }
        assertThat(ports).doesNotContain(-1).allMatch(p -> p % 16 == 3).hasSize(28232 / 16);
    }
}
