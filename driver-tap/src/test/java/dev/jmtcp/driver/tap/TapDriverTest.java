package dev.jmtcp.driver.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.DeviceFailedException;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.Probe;
import dev.jmtcp.spi.TxOffload;
import dev.jmtcp.testsupport.Needs;
import dev.jmtcp.testsupport.ThreadNamespace;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the contract of drivers does not say: the kernel's side, errors and their remedies, interfaces that go away. */
class TapDriverTest {

    private static final long PATIENCE = 5_000_000_000L;

    private final TapProvider provider = new TapProvider();
    private ThreadNamespace namespace;

    @BeforeEach
    void enterNamespace() throws IOException {
        Needs.netAdmin();
        Needs.command("ip", "iproute2");
        namespace = ThreadNamespace.enter();
    }

    @AfterEach
    void leaveNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    @Test
    void open_kernelSideConfigured_isSetUpAndUp() throws Exception {
        PortConfig port = new PortConfig(
                "tap7",
                Configs.withMac("tap7", "02:00:00:00:00:07").mac(),
                Configs.withMtu("tap7", 4000).mtu(),
                Map.of("kernel_address", "10.9.0.1/22", "kernel_mac", "02:00:00:00:00:08"));
        try (PacketIo io = provider.open(Configs.of(1, Map.of("queue_length", "77"), port))) {
            assertThat(ThreadNamespace.run("ip link show dev tap7"))
                    .contains("mtu 4000", "qlen 77", "link/ether 02:00:00:00:00:08", ",UP");
            assertThat(ThreadNamespace.run("ip -4 address show dev tap7")).contains("inet 10.9.0.1/22 brd 10.9.3.255");
            assertThat(io.ports().getFirst().mtu()).isEqualTo(4000);
            assertThat(io.ports().getFirst().mac()).hasToString("02:00:00:00:00:07");
            assertComesUp(io);
        }
        assertGone("tap7");
    }

    @Test
    void open_nothingConfigured_ownMacIsNotTheKernels() throws Exception {
        try (PacketIo io = provider.open(Configs.of(PortConfig.of("tap0")))) {
            String mac = io.ports().getFirst().mac().toString();
            assertThat(ThreadNamespace.run("ip link show dev tap0"))
                    .contains("mtu 1500", "qlen 1000")
                    .doesNotContain(mac);
            assertThat(Integer.parseInt(mac.substring(0, 2), 16) & 3)
                    .as("locally administered, of one station")
                    .isEqualTo(2);
        }
    }

    @Test
    void open_macOfTheKernelsSide_isRefusedAndLeavesNothing() throws Exception {
        ThreadNamespace.run("ip tuntap add dev tap0 mode tap");
        ThreadNamespace.run("ip link set dev tap0 address 02:00:00:00:00:01");
        assertThatThrownBy(() ->
                        provider.open(Configs.of(PortConfig.of("first"), Configs.withMac("tap0", "02:00:00:00:00:01"))))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("port.tap0.mac");
        assertGone("first");
    }

    @Test
    void open_persistent_staysAndIsFoundAgainWithItsMac() throws Exception {
        String mac;
        try (PacketIo io = provider.open(Configs.of(1, Map.of("persistent", "on"), PortConfig.of("tap0")))) {
            mac = io.ports().getFirst().mac().toString();
        }
        for (int queues : new int[] {1, 2}) {
            try (PacketIo io = provider.open(Configs.of(queues, Map.of(), PortConfig.of("tap0")))) {
                assertThat(io.ports().getFirst().mac()).hasToString(mac);
                assertThat(ThreadNamespace.run("ip link show dev tap0")).contains(",UP");
            }
        }
        ThreadNamespace.run("ip link show dev tap0");
    }

    @Test
    void open_interfaceMadeByOthers_isUsedAndLeftAlone() throws Exception {
        ThreadNamespace.run("ip tuntap add dev tap0 mode tap multi_queue");
        ThreadNamespace.run("ip link set dev tap0 mtu 2000 txqueuelen 123 up");
        try (PacketIo io = provider.open(Configs.of(PortConfig.of("tap0")))) {
            assertThat(io.ports().getFirst().mtu()).isEqualTo(2000);
        }
        assertThat(ThreadNamespace.run("ip link show dev tap0")).contains("mtu 2000", "qlen 123");
    }

    @Test
    void open_severalQueuesOfAnInterfaceWithOne_saysWhatHelps() throws Exception {
        ThreadNamespace.run("ip tuntap add dev tap0 mode tap");
        assertThatThrownBy(() -> provider.open(Configs.of(2, Map.of(), PortConfig.of("tap0"))))
                .isInstanceOf(PacketIoException.class)
                .hasMessageContaining("without several queues")
                .hasMessageContaining("sudo ip link delete tap0");
    }

    @Test
    void open_interfaceThatIsNoTap_saysWhatHelps() throws Exception {
        ThreadNamespace.run("ip link add name bridge0 type bridge");
        assertThatThrownBy(() -> provider.open(Configs.of(PortConfig.of("bridge0"))))
                .isInstanceOf(PacketIoException.class)
                .hasMessageContaining("no TAP interface");
        ThreadNamespace.run("ip link show dev bridge0");
    }

    @Test
    void open_interfaceInUse_saysSo() throws Exception {
        DriverConfig config = Configs.of(PortConfig.of("tap0"));
        try (PacketIo io = provider.open(config)) {
            assertThatThrownBy(() -> provider.open(config))
                    .isInstanceOf(PacketIoException.class)
                    .hasMessageContaining("another program has it open");
            assertComesUp(io);
        }
    }

    @Test
    void open_addressThatIsTaken_setsItAgain() throws Exception {
        DriverConfig config = Configs.of(Configs.port("tap0", Map.of("kernel_address", "10.9.0.1/24")));
        for (int time = 0; time < 2; time++) {
            try (PacketIo io = provider.open(config)) {
                assertComesUp(io);
                assertThat(ThreadNamespace.run("ip -4 address show dev tap0")).containsOnlyOnce("inet ");
            }
        }
    }

    @Test
    void withoutTheRight_probeAndOpenSayWhatHelps() throws Exception {
        try (var _ = Capability.without(Capability.NET_ADMIN)) {
            assertThat(provider.probe())
                    .isInstanceOfSatisfying(
                            Probe.Unusable.class,
                            answer -> assertThat(answer.remedy()).contains("run as root", "sudo ip tuntap add"));
            assertThatThrownBy(() -> provider.open(Configs.of(PortConfig.of("tap0"))))
                    .isInstanceOf(PacketIoException.class)
                    .hasMessageContaining("run as root")
                    .hasMessageContaining("sudo ip tuntap add dev tap0 mode tap user $USER vnet_hdr");
        }
        assertThat(provider.probe()).isInstanceOf(Probe.Usable.class);
    }

    @Test
    void withoutTheRight_interfaceMadeReadyByRoot_canBeUsed() throws Exception {
        ThreadNamespace.run("ip tuntap add dev tap0 mode tap user 0 vnet_hdr");
        ThreadNamespace.run("ip address add 10.9.0.1/24 dev tap0");
        ThreadNamespace.run("ip link set dev tap0 up");
        try (var _ = Capability.without(Capability.NET_ADMIN)) {
            try (PacketIo io =
                    provider.open(Configs.of(Configs.port("tap0", Map.of("kernel_address", "10.9.0.1/24"))))) {
                assertComesUp(io);
            }
            assertThatThrownBy(() ->
                            provider.open(Configs.of(Configs.port("tap0", Map.of("kernel_address", "10.9.0.2/24")))))
                    .isInstanceOf(PacketIoException.class)
                    .hasMessageContaining("sudo ip address add 10.9.0.2/24 dev tap0");
        }
    }

    @Test
    void withoutTheRightToSteer_severalQueuesAreRefusedAndOneIsGiven() throws Exception {
        try (var _ = Capability.without(Capability.BPF, Capability.SYS_ADMIN)) {
            assertThatThrownBy(() -> provider.open(Configs.of(2, Map.of(), PortConfig.of("tap0"))))
                    .isInstanceOf(PacketIoException.class)
                    .hasMessageContaining("CAP_BPF")
                    .hasMessageContaining("num_cores = 1");
            try (PacketIo io = provider.open(Configs.of(PortConfig.of("tap0")))) {
                assertThat(io.ports().getFirst().capabilities().maxQueues()).isEqualTo(1);
            }
        }
    }

    @Test
    void interfaceDeleted_everyCallFails() throws Exception {
        try (PacketIo io = provider.open(Configs.of(PortConfig.of("tap0")))) {
            PacketQueue queue = io.queue(0);
            queue.receive(0, new FrameBurst(4));
            ThreadNamespace.run("ip link delete dev tap0");
            assertFailed(() -> queue.receive(0, new FrameBurst(4)));
            assertFailed(() -> queue.transmitMemory(0));
            assertFailed(() -> queue.reserve(0, 60));
            assertFailed(() -> queue.commit(0, 60, TxOffload.NONE));
            assertFailed(queue::flush);
            assertFailed(() -> queue.await(0));
            queue.wakeup();
            assertThat(io.linkUp(0)).isFalse();
            assertThat(io.statistics(0).txPackets()).isZero();
        }
    }

    @Test
    void interfaceDeleted_awaitUnderWayFails() throws Exception {
        try (PacketIo io = provider.open(Configs.of(PortConfig.of("tap0")))) {
            Thread deleter = Thread.ofPlatform().start(() -> {
                try {
                    ThreadNamespace.run("ip link delete dev tap0");
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            PacketQueue queue = io.queue(0);
            assertFailed(() -> {
                for (long end = System.nanoTime() + PATIENCE; System.nanoTime() - end < 0; ) {
                    queue.await(PATIENCE);
                    queue.receive(0, new FrameBurst(4));
                }
            });
            deleter.join();
        }
    }

    @Test
    void interfaceDeleted_flushFails() throws Exception {
        try (PacketIo io = provider.open(Configs.of(PortConfig.of("tap0")))) {
            commit(io.queue(0), 60);
            ThreadNamespace.run("ip link delete dev tap0");
            assertFailed(() -> io.queue(0).flush());
        }
    }

    @Test
    void interfaceDown_framesAreCountedAsLost_untilItIsUp() throws Exception {
        try (PacketIo io = provider.open(Configs.of(PortConfig.of("tap0")))) {
            ThreadNamespace.run("ip link set dev tap0 down");
            assertThat(io.linkUp(0)).isFalse();
            commit(io.queue(0), 60);
            assertThat(io.queue(0).flush()).isZero();
            assertThat(io.statistics(0).drops()).containsExactly(Map.entry("interface down", 1L));

            ThreadNamespace.run("ip link set dev tap0 up");
            commit(io.queue(0), 60);
            io.queue(0).flush();
            assertComesUp(io);
            assertThat(io.statistics(0).txPackets()).isEqualTo(1);
        }
    }

    @Test
    void interfaceRenamed_isStillCountedAndUp() throws Exception {
        try (PacketIo io = provider.open(Configs.of(PortConfig.of("tap0")))) {
            ThreadNamespace.run("ip link set dev tap0 name other");
            assertComesUp(io);
            commit(io.queue(0), 60);
            io.queue(0).flush();
            assertThat(ThreadNamespace.run("ip -s link show dev other")).containsPattern(" 60 +1 ");
        }
    }

    @Test
    void frameThatTheKernelRefuses_isCounted() throws Exception {
        try (PacketIo io = provider.open(Configs.of(PortConfig.of("tap0")))) {
            commit(io.queue(0), 13);
            commit(io.queue(0), 60);
            assertThat(io.queue(0).flush()).isZero();
            assertThat(io.statistics(0).drops()).containsExactly(Map.entry("refused by the kernel", 1L));
            assertThat(io.statistics(0).txPackets()).isEqualTo(1);
        }
    }

    private static void commit(PacketQueue queue, int length) {
        long at = queue.reserve(0, length);
        queue.transmitMemory(0).asSlice(at, length).fill((byte) 2);
        queue.commit(0, length, TxOffload.NONE);
    }

    private static void assertFailed(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(DeviceFailedException.class).hasMessageContaining("tap0");
    }

    private static void assertGone(String name) {
        assertThatThrownBy(() -> ThreadNamespace.run("ip link show dev " + name))
                .hasMessageContaining("does not exist");
    }

    /** The kernel looks after the state of its links in the background, and may take a second. */
    private static void assertComesUp(PacketIo io) {
        long end = System.nanoTime() + PATIENCE;
        while (!io.linkUp(0) && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(io.linkUp(0)).isTrue();
    }
}
