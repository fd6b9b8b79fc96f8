package dev.jmtcp.driver.psio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.DeviceFailedException;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.Probe;
import dev.jmtcp.spi.TxOffload;
import java.io.IOException;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors of the device: what the driver says of them, and that it goes on where it can. */
class PsioFaultTest {

    private static final int OTHER = 0x88b5;
    private static final long LONG = 5_000_000_000L;
    private static final byte[] FRAME = Frames.of(OTHER, 60, 1);

    private final PsioProvider provider = new PsioProvider();
    private final DriverConfig config = Configs.of(PortConfig.of("xge0"), PortConfig.of("xge1"));
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
    void noDevice_probeAndOpenSayWhatIsNeeded() {
        cards.unload();
        assertUnusable("there is no /dev/packet_shader: it needs Linux 2.6.32 to 2.6.38");
    }

    @ParameterizedTest
    @CsvSource({
        "6, there is no /dev/packet_shader",
        "19, there is no /dev/packet_shader",
        "13, chmod 666 /dev/packet_shader",
        "1, no access",
        "12, ENOMEM"
    })
    void open_failing_saysWhatHelps(int errno, String message) {
        cards.fail(StandIn.OPEN, errno, 2);
        assertUnusable(message);
    }

    @Test
    void deviceOfAnotherModule_isSaid() {
        cards.fail(Ps.LIST_DEVICES, Errno.ENOTTY, 2);
        assertUnusable("is not the device of the PacketShader I/O engine");
    }

    @Test
    void noCards_isSaid() {
        cards.load("");
        assertUnusable("found no network card");
    }

    @Test
    void open_queueHeldByAnother_isRefusedAndLeavesIt() throws Exception {
        try (PacketIo io = provider.open(config)) {
            assertThatThrownBy(() -> provider.open(config))
                    .isInstanceOf(PacketIoException.class)
                    .hasMessageContaining("receive queue 0 of xge0: ATTACH_RX_DEVICE: in use (EBUSY)")
                    .hasMessageContaining("another program has it");
            assertPasses(io.queue(0));
        }
        provider.open(config).close();
    }

    /** The second core's queue is held: what the first has taken goes back. */
    @Test
    void open_laterQueueHeldByAnother_givesBackWhatItHas() throws Exception {
        DriverConfig two = Configs.of(2, Map.of(), PortConfig.of("xge0"));
        try (Handle other = Handle.open()) {
            other.attach(0, 1);
            assertThatThrownBy(() -> provider.open(two))
                    .isInstanceOf(PacketIoException.class)
                    .hasMessageContaining("receive queue 1 of xge0");
        }
        provider.open(two).close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void open_noMemoryForABuffer_givesBackWhatItHas(int earlier) throws Exception {
        cards.failLater(StandIn.MMAP, Errno.ENOMEM, earlier, 1);
        assertThatThrownBy(() -> provider.open(config))
                .isInstanceOf(PacketIoException.class)
                .hasMessageContaining("mmap")
                .hasMessageContaining("ENOMEM");
        try (PacketIo io = provider.open(config)) {
            assertPasses(io.queue(0));
        }
    }

    @Test
    void open_queueThatIsGone_saysWhatTheCardHas() {
        cards.fail(Ps.ATTACH_RX_DEVICE, Errno.EINVAL, 1);
        assertThatThrownBy(() -> provider.open(config))
                .isInstanceOf(PacketIoException.class)
                .hasMessageContaining("the card has no such queue; set psio.queues = 2");
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EAGAIN, Errno.EINTR, Errno.ENOMEM})
    void receive_passingError_findsNothingAndGoesOn(int errno) throws Exception {
        try (PacketIo io = provider.open(config)) {
            PacketQueue queue = io.queue(0);
            Frames.send(queue, 0, FRAME);
            cards.fail(Ps.RECV_CHUNK_IFIDX, errno, 2);
            assertThat(queue.receive(1, new FrameBurst(4))).isZero();
            assertThat(Frames.receive(queue, 1).bytes()).isEqualTo(FRAME);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EAGAIN, Errno.EINTR, Errno.ENOMEM})
    void flush_passingError_leavesFramesQueuedAndGoesOn(int errno) throws Exception {
        try (PacketIo io = provider.open(config)) {
            PacketQueue queue = io.queue(0);
            Frames.commit(queue, 0, FRAME);
            cards.fail(Ps.SEND_CHUNK_BUF, errno, 1);
            assertThat(queue.flush()).isEqualTo(1);
            assertThat(queue.flush()).isZero();
            assertThat(Frames.receive(queue, 1).bytes()).isEqualTo(FRAME);
            assertThat(io.statistics(0).txPackets()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EAGAIN, Errno.EINTR})
    void await_interrupted_returns(int errno) throws Exception {
        try (PacketIo io = provider.open(config)) {
            cards.fail(Ps.SELECT, errno, 1);
            long start = System.nanoTime();
            io.queue(0).await(LONG);
            assertThat(System.nanoTime() - start).isLessThan(LONG);
            assertPasses(io.queue(0));
        }
    }

    /** SELECT calls a card ready to send only when 256 frames have room; the queue may go on with one. */
    @Test
    void await_cardHasRoomForSomeOfTheFrames_returns() throws Exception {
        cards.transmitRings(200, 10);
        try (PacketIo io = provider.open(Configs.of(2, Map.of(), PortConfig.of("xge0")))) {
            PacketQueue queue = io.queue(0);
            for (int i = 0; i < 300; i++) {
                Frames.commit(queue, 0, FRAME);
            }
            int left = queue.flush();
            assertThat(left).isEqualTo(101);
            long start = System.nanoTime();
            while (queue.flush() > 0) {
                queue.await(LONG);
            }
            assertThat(System.nanoTime() - start).isLessThan(LONG);
            assertThat(cards.calls(Ps.GET_TXENTRY)).isPositive();
            assertThat(io.statistics(0).txPackets()).isEqualTo(300);
        }
    }

    /** With two cores each has one queue, which SELECT watches; only the time given ends it. */
    @Test
    void await_nothingComes_restsInTheDevice() throws Exception {
        try (PacketIo io = provider.open(Configs.of(2, Map.of("select_timeout", "10ms"), PortConfig.of("xge0")))) {
            long start = System.nanoTime();
            io.queue(1).await(100_000_000);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(100_000_000);
            assertThat(cards.calls(Ps.SELECT)).isBetween(1L, 11L);
        }
    }

    @Test
    void receive_deviceFails_everyCallSaysSo() throws Exception {
        try (PacketIo io = provider.open(config)) {
            PacketQueue queue = io.queue(0);
            cards.fail(Ps.RECV_CHUNK_IFIDX, Errno.EIO, 1);
            assertFailed(() -> queue.receive(0, new FrameBurst(4)));
            assertAllFail(queue);
            assertThat(io.statistics(0).rxPackets()).isZero();
        }
        try (PacketIo io = provider.open(config)) {
            assertPasses(io.queue(0));
        }
    }

    @Test
    void flush_deviceFails_everyCallSaysSo() throws Exception {
        try (PacketIo io = provider.open(config)) {
            PacketQueue queue = io.queue(0);
            Frames.commit(queue, 0, FRAME);
            cards.fail(Ps.SEND_CHUNK_BUF, Errno.EIO, 1);
            assertFailed(queue::flush);
            assertAllFail(queue);
        }
    }

    @Test
    void await_deviceFails_everyCallSaysSo() throws Exception {
        try (PacketIo io = provider.open(config)) {
            PacketQueue queue = io.queue(0);
            cards.fail(Ps.SELECT, Errno.EIO, 1);
            assertFailed(() -> queue.await(LONG));
            assertAllFail(queue);
        }
    }

    @Test
    void slowPath_kernelHasNoRoom_frameStillReachesTheStack() throws Exception {
        try (PacketIo io = provider.open(config)) {
            cards.fail(Ps.SLOWPATH_PACKET, Errno.ENOMEM, 1);
            assertPasses(io.queue(0));
        }
    }

    private void assertUnusable(String message) {
        assertThat(provider.probe())
                .isInstanceOfSatisfying(
                        Probe.Unusable.class,
                        answer -> assertThat(answer.reason() + "; " + answer.remedy())
                                .contains(message)
                                .doesNotContain("\n"));
        assertThatThrownBy(() -> provider.open(config))
                .isInstanceOf(PacketIoException.class)
                .hasMessageContaining(message);
    }

    private static void assertPasses(PacketQueue queue) {
        Frames.send(queue, 0, FRAME);
        assertThat(Frames.receive(queue, 1).bytes()).isEqualTo(FRAME);
    }

    private static void assertAllFail(PacketQueue queue) {
        assertFailed(() -> queue.receive(0, new FrameBurst(4)));
        assertFailed(() -> queue.transmitMemory(0));
        assertFailed(() -> queue.reserve(0, 60));
        assertFailed(() -> queue.commit(0, 60, TxOffload.NONE));
        assertFailed(queue::flush);
        assertFailed(() -> queue.await(0));
        queue.wakeup();
    }

    private static void assertFailed(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(DeviceFailedException.class)
                .hasMessageContaining("/dev/packet_shader failed: input/output error (EIO)");
    }
}
