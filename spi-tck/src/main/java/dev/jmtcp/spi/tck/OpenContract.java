package dev.jmtcp.spi.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.DriverOption;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketIoProvider;
import dev.jmtcp.spi.PortConfig;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a provider opens and what it refuses: {@link PacketIoProvider#open}. */
public sealed interface OpenContract extends Contract permits PacketIoContractTest {

    @Test
    default void open_defaultsWrittenOut_worksAsWithout() throws Exception {
        PacketIoProvider provider = bench().provider();
        UnaryOperator<PortConfig> writePortOptionsOut =
                port -> Configs.withOptions(port, Configs.writtenOut(provider.portOptions(), port.options()));
        List<DriverConfig> configs = bench().fixture().configs(1).stream()
                .map(config -> Configs.withOptions(config, Configs.writtenOut(provider.options(), config.options())))
                .map(config -> Configs.withPorts(config, writePortOptionsOut))
                .toList();

        bench().whileOpen(configs, open -> bench().link(open, 1).assertSettled());
    }

    @Test
    default void open_unknownOption_isRefusedNamingIt() throws Exception {
        assertRefused(Configs.withOption(config(), "no-such-option", "1"), "no-such-option");
    }

    @Test
    default void open_unknownPortOption_isRefusedNamingIt() throws Exception {
        assertRefused(Configs.withPortOption(config(), "no-such-option", "1"), portPrefix() + "no-such-option");
    }

    /** Whatever an option takes, nonsense is taken or refused by name; what has a number or a flag as its default refuses it. */
    @Test
    default void open_nonsenseInAnOption_isRefusedNamingIt() throws Exception {
        DriverConfig config = config();
        for (DriverOption option : bench().provider().options()) {
            assertRefusedOrTaken(Configs.withOption(config, option.name(), Limits.NONSENSE), option, option.name());
        }
        for (DriverOption option : bench().provider().portOptions()) {
            assertRefusedOrTaken(
                    Configs.withPortOption(config, option.name(), Limits.NONSENSE),
                    option,
                    portPrefix() + option.name());
        }
    }

    @Test
    default void open_noPorts_isRefused() throws Exception {
        assertRefused(Configs.withoutPorts(config()), "port");
    }

    @Test
    default void open_moreQueuesThanAPortHas_isRefused() throws Exception {
        var most = new AtomicInteger();
        bench().whileOpen(
                        bench().fixture().configs(1),
                        open -> most.set(open.getFirst()
                                .ports()
                                .getFirst()
                                .capabilities()
                                .maxQueues()));
        assertThat(most.get()).isGreaterThanOrEqualTo(bench().fixture().queues());
        if (most.get() < Integer.MAX_VALUE) {
            assertThatThrownBy(() -> openAndClose(Configs.withQueues(config(), most.get() + 1)))
                    .isInstanceOf(PacketIoException.class);
        }
    }

    @Test
    default void open_afterRefusals_works() throws Exception {
        for (int time = 0; time < 3; time++) {
            for (DriverConfig config : List.of(
                    Configs.withOption(config(), "no-such-option", "1"),
                    Configs.withPortOption(config(), "no-such-option", "1"),
                    Configs.withoutPorts(config()))) {
                assertThatThrownBy(() -> openAndClose(config)).isInstanceOf(PacketIoException.class);
            }
        }
        bench().onFreshLink(1, Link::assertSettled);
    }

    @Test
    default void open_otherMtu_isTakenOrRefused() throws Exception {
        int mtu = 1000;
        changedOrRefused(port -> Configs.withMtu(port, mtu), link -> {
            assertThat(link.near().port().mtu()).isEqualTo(mtu);
            assertThat(link.far().port().mtu()).isEqualTo(mtu);
            assertThatThrownBy(() -> link.sender().reserve(link.near().index(), maxFrame(link) + 1))
                    .isInstanceOf(IllegalArgumentException.class);
            link.send(1, mtu + 14);
        });
    }

    @Test
    default void open_otherMac_isTakenOrRefused() throws Exception {
        changedOrRefused(port -> Configs.withMac(port, Configs.macFor(port.name())), link -> {
            for (End end : List.of(link.near(), link.far())) {
                assertThat(end.port().mac()).isEqualTo(Configs.macFor(end.port().name()));
            }
        });
    }

    private static int maxFrame(Link link) {
        return Math.max(
                link.near().longestFrame(), link.near().port().capabilities().maxTsoFrame());
    }

    /** What to change; the test is skipped where nothing can be opened. */
    private DriverConfig config() {
        bench().assumeUsable();
        return bench().fixture().configs(1).getFirst();
    }

    private String portPrefix() {
        return "port." + config().ports().getFirst().name() + '.';
    }

    private void changedOrRefused(UnaryOperator<PortConfig> change, Bench.LinkTest test) throws Exception {
        List<DriverConfig> configs = bench().fixture().configs(1).stream()
                .map(config -> Configs.withPorts(config, change))
                .toList();
        try {
            bench().whileOpen(configs, open -> {
                Link link = bench().link(open, 1);
                test.run(link);
                link.assertSettled();
            });
        } catch (InvalidOptionException e) {
            assertThat(e.option()).startsWith("port.");
            assertThat(e.accepted()).isNotBlank();
        }
    }

    private void assertRefused(DriverConfig config, String option) throws Exception {
        assertThatThrownBy(() -> openAndClose(config)).isInstanceOfSatisfying(InvalidOptionException.class, refusal -> {
            assertThat(refusal.option()).isEqualTo(option);
            assertThat(refusal.accepted()).isNotBlank();
        });
    }

    private void assertRefusedOrTaken(DriverConfig config, DriverOption option, String name) throws Exception {
        @Nullable Throwable refusal = catchThrowable(() -> openAndClose(config));
        if (refusal != null
                || Limits.NUMBER_OR_FLAG.matcher(option.defaultValue()).matches()) {
            assertThat(refusal)
                    .as("nonsense in %s", name)
                    .isInstanceOfSatisfying(
                            InvalidOptionException.class,
                            invalid -> assertThat(invalid.option()).isEqualTo(name));
        }
    }

    private void openAndClose(DriverConfig config) throws Exception {
        bench().closeShared();
        try (PacketIo open = bench().provider().open(config)) {
            assertThat(open.ports()).isNotEmpty();
        }
    }
}
