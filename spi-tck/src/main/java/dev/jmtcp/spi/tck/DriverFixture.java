package dev.jmtcp.spi.tck;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoProvider;
import dev.jmtcp.spi.PortConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * How the contract test gets a link to send over and receive from: the driver, the ports at the two ends, and what is special
 * about them. Made by {@link #looped}, {@link #connected} or {@link #peers}; everything else has a default.
 */
public final class DriverFixture {

    /** What becomes of frames that are sent while the receiving end is full. */
    public enum WhenFull {
        /** The sender's ring fills up and {@code reserve} says so: nothing is ever lost. */
        WAITS,
        /** They are lost, and one of the two ports counts them in its statistics. */
        DROPS_AND_COUNTS,
        /** They are lost between the ports, where no driver can count them. */
        DROPS
    }

    /** Something to do around the opening of a link, for example to join two interfaces by a bridge. */
    @FunctionalInterface
    public interface Step {

        /**
         * @param open the open drivers, one or two, in the order of the fixture's ports; empty after they were closed
         * @throws Exception if it fails, and the test with it
         */
        void run(List<PacketIo> open) throws Exception;
    }

    /** The key of Microsoft's verification suite: unlike mTCP's it tells the two directions of a flow apart. */
    private static final byte[] RSS_KEY =
            HexFormat.of().parseHex("6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b477cb2da38030f20c6a42b73bbeac01fa");

    private final PacketIoProvider provider;
    private final List<List<PortConfig>> ports;
    private Map<String, String> options = Map.of();
    private Map<String, String> peerOptions = Map.of();
    private TestClock clock = TestClock.real();
    private WhenFull whenFull = WhenFull.WAITS;
    private Duration patience = Duration.ofSeconds(5);
    private Step afterOpen = open -> {};
    private Step afterClose = open -> {};
    private int queues = 1;
    private int framesInFlight = 128;
    private int soak = 100_000;
    private boolean keepsLinkOpen;

    private DriverFixture(PacketIoProvider provider, List<List<PortConfig>> ports) {
        this.provider = provider;
        this.ports = ports;
    }

    /** A port that gets back what it sends. */
    public static DriverFixture looped(PacketIoProvider provider, PortConfig port) {
        return new DriverFixture(provider, List.of(List.of(port)));
    }

    /** Two ports of one {@link PacketIo} that get what the other one sends. */
    public static DriverFixture connected(PacketIoProvider provider, PortConfig near, PortConfig far) {
        return new DriverFixture(provider, List.of(List.of(near, far)));
    }

    /** Two ports that get what the other one sends, each in a {@link PacketIo} of its own, opened in this order. */
    public static DriverFixture peers(PacketIoProvider provider, PortConfig near, PortConfig far) {
        return new DriverFixture(provider, List.of(List.of(near), List.of(far)));
    }

    /** The driver's options; of {@link #peers} those of both. None by default. */
    public DriverFixture options(Map<String, String> options) {
        this.options = Map.copyOf(options);
        this.peerOptions = this.options;
        return this;
    }

    /** The options of the second of two {@link #peers}, if they differ; after {@link #options}. */
    public DriverFixture peerOptions(Map<String, String> options) {
        this.peerOptions = Map.copyOf(options);
        return this;
    }

    /** How many queues the tests of several queues open; 1 by default. */
    public DriverFixture queues(int queues) {
        this.queues = queues;
        return this;
    }

    /** The clock; {@link TestClock#real} by default. */
    public DriverFixture clock(TestClock clock) {
        this.clock = clock;
        return this;
    }

    /** What becomes of frames sent to a full receiver; {@link WhenFull#WAITS} by default. */
    public DriverFixture whenFull(WhenFull whenFull) {
        this.whenFull = whenFull;
        return this;
    }

    /**
     * How many frames the link has room for, neither lost nor refused, those that the receiver holds included: at least 16; 128 by default.
     */
    public DriverFixture framesInFlight(int frames) {
        if (frames < 16) {
            throw new IllegalArgumentException("frames in flight: " + frames);
        }
        this.framesInFlight = frames;
        return this;
    }

    /** How many packets the tests for leaks and allocations pass, several times the packet pool at least; 100,000 by default. */
    public DriverFixture soak(int packets) {
        this.soak = packets;
        return this;
    }

    /** How long a frame or an answer may take before it counts as lost, in real time; 5 s by default. */
    public DriverFixture patience(Duration patience) {
        this.patience = patience;
        return this;
    }

    /** Has tests share a link where they can: for drivers that take seconds to open. */
    public DriverFixture keepsLinkOpen() {
        this.keepsLinkOpen = true;
        return this;
    }

    /** What to do once the drivers are open, before the first frame. */
    public DriverFixture afterOpen(Step step) {
        this.afterOpen = step;
        return this;
    }

    /** What to do once the drivers are closed. */
    public DriverFixture afterClose(Step step) {
        this.afterClose = step;
        return this;
    }

    PacketIoProvider provider() {
        return provider;
    }

    int queues() {
        return queues;
    }

    TestClock clock() {
        return clock;
    }

    WhenFull whenFull() {
        return whenFull;
    }

    int framesInFlight() {
        return framesInFlight;
    }

    int soak() {
        return soak;
    }

    long patienceNanos() {
        return patience.toNanos();
    }

    boolean sharesLinks() {
        return keepsLinkOpen;
    }

    void opened(List<PacketIo> open) throws Exception {
        afterOpen.run(open);
    }

    void closed() throws Exception {
        afterClose.run(List.of());
    }

    /** What the drivers of the link are opened with, one or two. */
    List<DriverConfig> configs(int queues) {
        var configs = new ArrayList<DriverConfig>();
        for (List<PortConfig> list : ports) {
            configs.add(new DriverConfig(queues, list, configs.isEmpty() ? options : peerOptions, RSS_KEY, clock));
        }
        return configs;
    }
}
