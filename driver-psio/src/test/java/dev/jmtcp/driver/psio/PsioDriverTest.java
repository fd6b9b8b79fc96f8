package dev.jmtcp.driver.psio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.Probe;
import dev.jmtcp.spi.RxFlags;
import dev.jmtcp.testsupport.ThreadNamespace;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the contract of drivers does not say: which cards and queues are taken, what the kernel gets, how the rings wrap. */
class PsioDriverTest {

    private static final PortConfig XGE0 = PortConfig.of("xge0");
    private static final PortConfig XGE1 = PortConfig.of("xge1");
    private static final int OTHER = 0x88b5;
    private static final String RIGHT_CHECKSUM = "66ce";

    private final PsioProvider provider = new PsioProvider();
    private StandIn cards;

    @BeforeEach
    void load() throws IOException {
        cards = StandIn.withQueues(2);
    }

    @AfterEach
    void unload() {
        if (cards != null) {
            cards.close();
        }
    }

    @Test
    void probe_cards_namesThem() {
        assertThat(provider.probe())
                .isEqualTo(new Probe.Usable("xge0 with 2 receive queues, xge1 with 2 receive queues"));
    }

    @Test
    void open_all_takesEveryCardInOrder() throws Exception {
        try (PacketIo io = provider.open(Configs.of(PortConfig.of("all")))) {
            assertThat(io.ports()).extracting(Port::name).containsExactly("xge0", "xge1");
            assertThat(io.ports()).extracting(Port::index).containsExactly(0, 1);
            String mac = io.ports().get(1).mac().toString();
            assertThat(ThreadNamespace.run("ip link show dev xge1")).contains("link/ether " + mac);
        }
    }

    @Test
    void open_noSuchCard_namesThoseThereAre() {
        assertRefused("port", "all, or some of: xge0 xge1", Configs.of(PortConfig.of("eth0")));
    }

    @Test
    void open_cardNamedAgainByAll_isRefused() {
        assertRefused("port", "each card once", Configs.of(XGE0, PortConfig.of("all")));
    }

    @Test
    void open_otherMac_isRefused_itsOwnIsTaken() throws Exception {
        assertRefused("port.xge0.mac", "the card's own", Configs.of(Configs.withMac("xge0", "02:00:00:00:00:99")));
        String own;
        try (PacketIo io = provider.open(Configs.of(XGE0))) {
            own = io.ports().getFirst().mac().toString();
        }
        provider.open(Configs.of(Configs.withMac("xge0", own))).close();
    }

    @ParameterizedTest
    @ValueSource(ints = {67, 1501})
    void open_mtuThatTheCardDoesNotHave_isRefused(int mtu) {
        assertRefused("port.xge0.mtu", "68 to that of the card, 1500", Configs.of(Configs.withMtu("xge0", mtu)));
    }

    @Test
    void open_mtuOfJumboFrames_isCutToWhatAPacketHolds() throws Exception {
        ThreadNamespace.run("ip link set dev xge0 mtu 9000");
        try (PacketIo io = provider.open(Configs.of(XGE0))) {
            assertThat(io.ports().getFirst().mtu()).isEqualTo(2034);
        }
    }

    @Test
    void open_moreQueuesThanTheCardHas_isRefused() {
        assertRefused("no such queue: xge0 has 2 receive queues, not 3", Configs.of(1, Map.of("queues", "3"), XGE0));
    }

    @Test
    void open_moreCoresThanQueues_isRefused() {
        assertRefused("3 cores, but 2 receive queues; set num_cores = 2", Configs.of(3, Map.of(), XGE0));
    }

    @Test
    void open_fewerQueuesThanTheCardHas_isRefused() {
        assertRefused("xge0 has 2 receive queues, not 1", Configs.of(1, Map.of("queues", "1"), XGE0));
    }

    @Test
    void open_fewerCoresThanQueues_oneTakesSeveral() throws Exception {
        cards.load("xge0=wire0:5");
        try (PacketIo io = provider.open(Configs.of(2, Map.of("queues", "5"), XGE0))) {
            assertThat(io.ports().getFirst().capabilities().maxQueues()).isEqualTo(5);
            assertThat(cards.calls(Ps.ATTACH_RX_DEVICE)).isEqualTo(5);
        }
        assertThat(cards.calls(Ps.DETACH_RX_DEVICE)).isEqualTo(5);
    }

    @Test
    void open_moreCoresThanTransmitQueues_isRefused() {
        cards.load("xge0=wire0:2/1");
        assertRefused("xge0 has 1 transmit queues, but there are 2 cores", Configs.of(2, Map.of(), XGE0));
    }

    @Test
    void open_firstCardHasFewerQueuesThanTheOneTaken_isRefused() {
        cards.load("xge0=wire0:1 xge1=wire1:2");
        assertRefused("as many queues on its first card, xge0", Configs.of(2, Map.of("queues", "2"), XGE1));
    }

    @Test
    void open_noQueueInTheTableOfInterrupts_saysWhatHelps() throws Exception {
        cards.load("xge1=wire1:1");
        assertRefused("psio.queues = 4", Configs.of(XGE1));
        provider.open(Configs.of(1, Map.of("queues", "1"), XGE1)).close();
    }

    @Test
    void checkCounted_moreQueuesThanCores_saysWhatHelps() throws Exception {
        assertThat(Opening.checkCounted(4, 4)).isEqualTo(4);
        assertThatThrownBy(() -> Opening.checkCounted(8, 4))
                .isInstanceOf(PacketIoException.class)
                .hasMessageContaining("sudo ./install.py 4 4")
                .hasMessageContaining("psio.queues = 8");
    }

    @Test
    void receive_portsInAnotherOrderThanTheCards_getTheirOwnFrames() throws Exception {
        try (PacketIo io = provider.open(Configs.of(1, Map.of("slow_path", "off"), XGE1, XGE0))) {
            PacketQueue queue = io.queue(0);
            Frames.send(queue, 0, Frames.of(OTHER, 100, 1));
            assertThat(Frames.receive(queue, 1).bytes()).isEqualTo(Frames.of(OTHER, 100, 1));
            Frames.send(queue, 1, Frames.of(OTHER, 100, 2));
            assertThat(Frames.receive(queue, 0).bytes()).isEqualTo(Frames.of(OTHER, 100, 2));
        }
    }

    @Test
    void receive_ipv4_hasWhatTheCardSaysOfItsChecksum() throws Exception {
        try (PacketIo io = provider.open(Configs.of(XGE0, XGE1))) {
            PacketQueue queue = io.queue(0);
            Frames.send(queue, 0, Frames.tcp(1, 80, RIGHT_CHECKSUM));
            assertThat(Frames.receive(queue, 1).flags()).isEqualTo(RxFlags.IP_CHECKSUM_GOOD);
            Frames.send(queue, 0, Frames.tcp(1, 80, "1234"));
            assertThat(Frames.receive(queue, 1).flags()).isEqualTo(RxFlags.IP_CHECKSUM_BAD);
            Frames.send(queue, 0, Frames.of(OTHER, 60, 0));
            assertThat(Frames.receive(queue, 1).flags()).isZero();
        }
    }

    @Test
    void slowPath_framesThatAreNotForTheStack_reachTheKernelToo() throws Exception {
        try (PacketIo io = provider.open(Configs.of(XGE0, XGE1))) {
            PacketQueue queue = io.queue(0);
            long before = receivedByKernel("xge1");
            for (byte[] frame : new byte[][] {
                Frames.of(0x86dd, 1514, 1), Frames.of(OTHER, 60, 2), Frames.of(0x0806, 60, 3), Frames.tcp(1, 80, "0000")
            }) {
                Frames.send(queue, 0, frame);
                assertThat(Frames.receive(queue, 1).bytes()).isEqualTo(frame);
            }
            assertThat(receivedByKernel("xge1") - before)
                    .as("neither ARP nor IPv4")
                    .isEqualTo(2);
        }
    }

    @Test
    void slowPath_off_leavesTheKernelAlone() throws Exception {
        try (PacketIo io = provider.open(Configs.of(1, Map.of("slow_path", "off"), XGE0, XGE1))) {
            Frames.send(io.queue(0), 0, Frames.of(OTHER, 60, 2));
            assertThat(Frames.receive(io.queue(0), 1).bytes()).isEqualTo(Frames.of(OTHER, 60, 2));
        }
        assertThat(cards.calls(Ps.SLOWPATH_PACKET)).isZero();
    }

    @Test
    void linkDown_isSeen() throws Exception {
        try (PacketIo io = provider.open(Configs.of(XGE0))) {
            assertThat(io.linkUp(0)).isTrue();
            ThreadNamespace.run("ip link set dev xge0 down");
            assertThat(io.linkUp(0)).isFalse();
            ThreadNamespace.run("ip link delete dev xge0");
            assertThat(io.linkUp(0)).isFalse();
        }
    }

    /** The rings wrap with frames in them that the card has not taken: none may be overwritten, whatever the lengths. */
    @Test
    void send_slowCardAndAllLengths_everyFrameComesOutAsItWasWritten() throws Exception {
        long seed = 4096;
        var random = new SplittableRandom(seed);
        cards.transmitRings(256, 90);
        DriverConfig config = Configs.of(1, Map.of("slow_path", "off"), XGE0, XGE1);
        try (PacketIo io = provider.open(config)) {
            PacketQueue queue = io.queue(0);
            var burst = new FrameBurst(64);
            var sent = new ArrayDeque<byte[]>();
            boolean wasFull = false;
            for (int number = 0; number < 30_000; ) {
                // Few short frames first, then many long ones in their place, and the other way round.
                int longest = number / 3000 % 2 == 0 ? 1514 : 100;
                byte[] frame = Frames.of(OTHER, 60 + random.nextInt(longest - 59), number);
                boolean hasRoom = Frames.commit(queue, 0, frame);
                if (hasRoom) {
                    sent.add(frame);
                    number++;
                }
                if (!hasRoom || random.nextInt(200) == 0) {
                    wasFull |= !hasRoom;
                    queue.flush();
                    expectAll(queue, burst, sent);
                }
            }
            while (queue.flush() > 0) {
                expectAll(queue, burst, sent);
            }
            while (!sent.isEmpty()) {
                assertThat(Frames.receive(queue, 1).bytes()).isEqualTo(sent.remove());
            }
            assertThat(wasFull).as("the ring was full").isTrue();
            assertThat(cards.partialSends()).isPositive();
        }
    }

    /** Receives what has come. */
    private static void expectAll(PacketQueue queue, FrameBurst burst, ArrayDeque<byte[]> sent) {
        for (List<Frames.Received> frames = Frames.take(queue, 1, burst);
                !frames.isEmpty();
                frames = Frames.take(queue, 1, burst)) {
            for (Frames.Received frame : frames) {
                assertThat(frame.bytes()).isEqualTo(sent.remove());
            }
        }
    }

    @Test
    void statistics_frames_areCountedWithTheirBytes() throws Exception {
        try (PacketIo io = provider.open(Configs.of(XGE0, XGE1))) {
            Frames.send(io.queue(0), 0, Frames.of(OTHER, 100, 1));
            Frames.receive(io.queue(0), 1);
            assertThat(io.statistics(0).txBytes()).isEqualTo(100);
            assertThat(io.statistics(1).rxBytes()).isEqualTo(100);
            assertThat(io.statistics(0).drops()).isEmpty();
        }
    }

    private static long receivedByKernel(String card) throws IOException {
        Matcher line =
                Pattern.compile("RX:.*\\n *\\d+ +(\\d+)").matcher(ThreadNamespace.run("ip -s link show dev " + card));
        assertThat(line.find()).isTrue();
        return Long.parseLong(line.group(1));
    }

    private void assertRefused(String option, String accepted, DriverConfig config) {
        assertThatThrownBy(() -> provider.open(config))
                .isInstanceOfSatisfying(InvalidOptionException.class, refusal -> {
                    assertThat(refusal.option()).isEqualTo(option);
                    assertThat(refusal.accepted()).contains(accepted);
                });
    }

    private void assertRefused(String message, DriverConfig config) {
        assertThatThrownBy(() -> provider.open(config))
                .isInstanceOf(PacketIoException.class)
                .hasMessageContaining(message);
    }
}
