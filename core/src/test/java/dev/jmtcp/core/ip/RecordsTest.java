package dev.jmtcp.core.ip;

import static dev.jmtcp.core.link.Packets.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.MacAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The small parts by themselves. */
class RecordsTest {

    private static InterfaceConfig port(int port, int mtu, Prefix... addresses) {
        return new InterfaceConfig(port, new MacAddress(1), mtu, Capabilities.NONE, List.of(addresses));
    }

    private static Prefix prefix(String address, int length) {
        return new Prefix(ip(address), length);
    }

    @Test
    void prefix_ofAnyLength_tellsItsNetwork() {
        assertThat(prefix("10.1.2.3", 24).network()).isEqualTo(ip("10.1.2.0"));
        assertThat(prefix("10.1.2.3", 24).last()).isEqualTo(ip("10.1.2.255"));
        assertThat(prefix("10.1.2.3", 24).contains(ip("10.1.2.200"))).isTrue();
        assertThat(prefix("10.1.2.3", 24).contains(ip("10.1.3.3"))).isFalse();
        assertThat(prefix("10.1.2.3", 32).contains(ip("10.1.2.3"))).isTrue();
        assertThat(prefix("10.1.2.3", 32).contains(ip("10.1.2.2"))).isFalse();
        assertThat(Prefix.ALL.contains(-1)).isTrue();
        assertThat(Prefix.ALL.mask()).isZero();
        assertThat(prefix("10.1.2.3", 31).hasBroadcast()).isFalse();
        assertThat(prefix("10.1.2.3", 30).hasBroadcast()).isTrue();
        assertThat(prefix("10.1.2.3", 9)).hasToString("10.1.2.3/9");
    }

    @Test
    void prefix_badLength_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Prefix(0, 33));
        assertThatIllegalArgumentException().isThrownBy(() -> new Prefix(0, -1));
    }

    @Test
    void interface_badValues_areRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> port(-1, 1500));
        assertThatIllegalArgumentException().isThrownBy(() -> port(0, 67));
        assertThatIllegalArgumentException().isThrownBy(() -> port(0, 65_536));
        assertThatIllegalArgumentException().isThrownBy(() -> port(0, 1500, prefix("10.0.0.255", 24)));
        assertThatIllegalArgumentException().isThrownBy(() -> port(0, 1500, prefix("127.0.0.1", 8)));
        assertThatIllegalArgumentException().isThrownBy(() -> port(0, 1500, prefix("224.0.0.1", 24)));
        assertThatIllegalArgumentException().isThrownBy(() -> port(0, 1500, prefix("0.0.0.0", 24)));
        assertThat(port(0, 68, prefix("10.0.0.255", 31)).owns(ip("10.0.0.255"))).isTrue();
    }

    @Test
    void interface_neighbours_areTheOtherHostsOfItsNetworks() {
        InterfaceConfig config = port(0, 1500, prefix("10.0.0.1", 24), prefix("10.1.0.1", 31));

        assertThat(config.isNeighbour(ip("10.0.0.2"))).isTrue();
        assertThat(config.isNeighbour(ip("10.1.0.0"))).isTrue();
        assertThat(config.isNeighbour(ip("10.0.0.1"))).isFalse();
        assertThat(config.isNeighbour(ip("10.0.0.255"))).isFalse();
        assertThat(config.isNeighbour(ip("10.2.0.1"))).isFalse();
        assertThat(config.isNeighbour(0)).isFalse();
    }

    @Test
    void routes_byUnknownPortOrBadGateway_areRefused() {
        List<InterfaceConfig> interfaces = List.of(port(0, 1500, prefix("10.0.0.1", 24)), port(1, 1500));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RoutingTable(interfaces, List.of(new Route(Prefix.ALL, ip("10.0.0.2"), 2))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RoutingTable(interfaces, List.of(new Route(Prefix.ALL, ip("10.0.0.2"), 1))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RoutingTable(interfaces, List.of(new Route(Prefix.ALL, ip("224.0.0.2"), 0))));
    }

    @Test
    void routes_random_agreeWithReference() {
        Random random = new Random(4632);
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Prefix destination = new Prefix(ip("10.0.0.0") + random.nextInt(1 << 16), random.nextInt(33));
            routes.add(new Route(destination, ip("1.0.0.1") + i, 0));
        }
        RoutingTable table = new RoutingTable(List.of(port(0, 1500, prefix("11.0.0.1", 32))), routes);
        for (int i = 0; i < 20_000; i++) {
            int destination = ip("10.0.0.0") + random.nextInt(1 << 16);
            int best = RoutingTable.NONE;
            for (int j = 0; j < routes.size(); j++) {
                if (routes.get(j).destination().contains(destination)
                        && (best < 0
                                || routes.get(j).destination().length()
                                        > routes.get(best).destination().length())) {
                    best = j;
                }
            }
            int route = table.lookup(destination);
            assertThat(route == RoutingTable.NONE ? 0 : table.nextHop(route, destination))
                    .as("seed 4632, case %d", i)
                    .isEqualTo(best < 0 ? 0 : routes.get(best).gateway());
        }
    }

    @Test
    void intSet_random_agreesWithReference() {
        Random random = new Random(7);
        for (int size : new int[] {0, 1, 2, 3, 4, 7, 8, 100, 1000}) {
            Set<Integer> reference = new HashSet<>();
            while (reference.size() < size) {
                reference.add(1 + random.nextInt(5000));
            }
            IntSet set =
                    new IntSet(reference.stream().mapToInt(Integer::intValue).toArray());
            for (int i = 0; i < 5000; i++) {
                assertThat(set.contains(i)).isEqualTo(reference.contains(i));
            }
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new IntSet(3, 0));
    }

    @Test
    void tokenBucket_anyTimes_keepsRateAndBurst() {
        TokenBucket bucket = new TokenBucket(100, 5);
        long start = -3_000_000_000L;
        int taken = 0;
        for (int i = 0; i < 10; i++) {
            taken += bucket.take(start) ? 1 : 0;
        }
        assertThat(taken).isEqualTo(5);
        assertThat(bucket.take(start + 9_999_999)).isFalse();
        assertThat(bucket.take(start + 10_000_000)).isTrue();
        assertThat(bucket.take(start + 10_000_000)).isFalse();

        taken = 0;
        for (long time = 0; time < 10_000_000_000L; time += 1_000_000) {
            taken += bucket.take(start + 10_000_000 + time) ? 1 : 0;
        }
        assertThat(taken).isBetween(998, 1000);
    }

    @Test
    void limits_belowOne_areRefused() {
        Duration second = Duration.ofSeconds(1);
        assertThatIllegalArgumentException().isThrownBy(() -> new ReassemblyLimits(0, 1, 1, second));
        assertThatIllegalArgumentException().isThrownBy(() -> new ReassemblyLimits(1, 0, 1, second));
        assertThatIllegalArgumentException().isThrownBy(() -> new ReassemblyLimits(1, 1, 0, second));
        assertThatIllegalArgumentException().isThrownBy(() -> new ReassemblyLimits(1, 1, 1, Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ipv4Config(List.of(), List.of(), ReassemblyLimits.DEFAULT, 0, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ipv4Config(List.of(), List.of(), ReassemblyLimits.DEFAULT, 1, 0));
    }
}
