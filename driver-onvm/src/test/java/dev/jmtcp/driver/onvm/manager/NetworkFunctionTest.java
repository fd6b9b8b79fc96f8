package dev.jmtcp.driver.onvm.manager;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.driver.onvm.OnvmProvider;
import dev.jmtcp.spi.DeviceFailedException;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.PortConfig;
import dev.jmtcp.spi.Toeplitz;
import dev.jmtcp.spi.TxOffload;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a network function and its manager agree on beyond frames: who is admitted, messages, back-pressure, where packets go, counters. */
class NetworkFunctionTest {

    private static final int CORES = 4;
    private static final ValueLayout.OfInt NETWORK_INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final long PATIENCE = 10_000_000_000L;
    private static Manager manager;

    @BeforeAll
    static void startManager() throws IOException {
        manager = Manager.start("net_null0,no-rx=1", "period=2", "cores=" + CORES);
    }

    @AfterAll
    static void endManager() throws IOException {
        if (manager != null) {
            manager.close();
        }
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        State state = manager.await("all have gone", now -> now.functions().isEmpty());
        assertThat(state.buffers()).as("buffers in use").isZero();
        assertThat(state.messages()).as("messages in use").isZero();
        assertThat(state.lost()).as("packets to nowhere").isZero();
    }

    @Test
    void open_idInUse_isRefused_andFreeAgainLater() throws Exception {
        try (PacketIo _ = open(1, "onvm_serv", "1", "onvm_inst", "5")) {
            assertThat(manager.state().functions()).containsOnlyKeys(5);
            assertRefused("instance id 5 is in use", 1, "onvm_serv", "1", "onvm_inst", "5");
        }
        open(1, "onvm_serv", "1", "onvm_inst", "5").close();
    }

    @Test
    void open_allCoresTaken_isRefused_andOneIsFreeAgainLater() throws Exception {
        var open = new ArrayList<PacketIo>();
        try {
            for (int i = 0; i < CORES; i++) {
                open.add(open(1, "onvm_serv", "1"));
            }
            assertRefused("NO_CORES", 1, "onvm_serv", "1");
            assertRefused("NO_CORES", 1, "onvm_serv", "1", "share_cores", "on");
            open.removeLast().close();
            manager.await("one has gone", state -> state.runs(CORES - 1));
            open.add(open(1, "onvm_serv", "1"));
        } finally {
            for (PacketIo io : open) {
                io.close();
            }
        }
    }

    @Test
    void open_sharedCores_thereAreMoreThanCores() throws Exception {
        var open = new ArrayList<PacketIo>();
        try {
            for (int i = 0; i <= CORES; i++) {
                open.add(open(1, "onvm_serv", "1", "share_cores", "on"));
            }
            assertThat(manager.state().functions().values())
                    .extracting(State.Function::core)
                    .contains(0, 1, 2, 3);
            assertRefused("NO_DEDICATED_CORES", 1, "onvm_serv", "1");
        } finally {
            for (PacketIo io : open) {
                io.close();
            }
        }
    }

    @Test
    void open_coreAskedFor_isItOrRefused() throws Exception {
        try (PacketIo _ = open(1, "onvm_serv", "1", "core_mask", "4")) {
            assertThat(manager.state().functions().values())
                    .extracting(State.Function::core)
                    .containsExactly(2);
            assertRefused("CORE_BUSY", 1, "onvm_serv", "1", "core_mask", "4");
            assertRefused("CORE_OUT_OF_RANGE", 1, "onvm_serv", "1", "core_mask", "100");
        }
    }

    /** All or none: those that were admitted before the one refused leave again. */
    @Test
    void open_moreCoresThanThereAre_isRefusedAndLeavesNone() throws Exception {
        assertRefused("NO_CORES", 2 * CORES, "onvm_serv", "1", "onvm_dest", "2");
        manager.await("all have gone", state -> state.functions().isEmpty());
    }

    @Test
    void open_severalCoresBesideAnother_isRefused() throws Exception {
        try (PacketIo _ = open(1, "onvm_serv", "1", "onvm_inst", "5")) {
            assertRefused("service 1 has instances [5] already", 2, "onvm_serv", "1", "onvm_dest", "2");
        }
    }

    @Test
    void open_severalCoresBeforeTheManagerHasHeardThatAnotherLeaves_waits() throws Exception {
        PacketIo before = open(1, "onvm_serv", "1");
        manager.deaf(true);
        before.close();
        var hears = new FutureTask<Void>(() -> {
            LockSupport.parkNanos(300_000_000);
            manager.deaf(false);
            return null;
        });
        Thread.ofPlatform().start(hears);
        open(2, "onvm_serv", "1", "onvm_dest", "2").close();
        hears.get();
    }

    /** The manager puts what is not its own among the requests to start each time one stops. */
    @Test
    void open_moreOftenThanThereAreRequests_goesWell() throws Exception {
        try (PacketIo lasting = open(1, "onvm_serv", "2", "onvm_dest", "2")) {
            for (int i = 0; i < 140; i++) {
                open(1, "onvm_serv", "1").close();
            }
            Frames.send(lasting.queue(0), Frames.tcp(1, 2, 3));
            Frames.receive(lasting.queue(0), 1);
        }
    }

    @Test
    void message_stop_endsIt() throws Exception {
        try (PacketIo io = open(1, "onvm_serv", "1", "onvm_dest", "1")) {
            int id = manager.state().functions().keySet().iterator().next();
            Frames.send(io.queue(0), Frames.tcp(1, 2, 3));
            manager.stop(id);
            assertThatThrownBy(() -> receiveForever(io.queue(0)))
                    .isInstanceOf(DeviceFailedException.class)
                    .hasMessageContaining("manager");
        }
    }

    @Test
    void message_ofAnyOtherType_isGivenBackAndChangesNothing() throws Exception {
        try (PacketIo io = open(1, "onvm_serv", "1", "onvm_dest", "1")) {
            int id = manager.state().functions().keySet().iterator().next();
            for (int type : new int[] {0, 2, 3, 4, 5, 6, 255}) {
                manager.send(id, type);
            }
            Frames.send(io.queue(0), Frames.tcp(1, 2, 3));
            assertThat(Frames.number(Frames.receive(io.queue(0), 1).getFirst())).isEqualTo(3);
            var burst = new FrameBurst(1);
            long end = System.nanoTime() + PATIENCE;
            while (manager.state().messages() > 0) {
                assertThat(System.nanoTime()).as("%s", manager.state()).isLessThan(end);
                assertThat(Frames.take(io.queue(0), burst)).isEmpty();
            }
        }
    }

    @Test
    void send_managerTakesNothing_isFullInTime_andNoFrameIsMissedLater() throws Exception {
        try (PacketIo io = open(1, "onvm_serv", "1", "onvm_dest", "1")) {
            PacketQueue queue = io.queue(0);
            int sent = 0;
            manager.hold(true);
            try {
                while (sent < 40_000 && Frames.commit(queue, Frames.tcp(1, 2, sent))) {
                    if (++sent % 32 == 0) {
                        queue.flush();
                    }
                }
                assertThat(sent).as("frames until full").isBetween(1000, 39_999);
                assertThat(manager.state().buffers()).isLessThan(32_767);
            } finally {
                manager.hold(false);
            }
            var burst = new FrameBurst(32);
            int came = 0;
            int last = -1;
            // What the manager then finds no room for in the other ring is lost, and counted.
            for (long end = System.nanoTime() + PATIENCE;
                    came + io.statistics(0).dropped() < sent;
                    queue.flush()) {
                assertThat(System.nanoTime())
                        .as("%d of %d came, %s", came, sent, io.statistics(0))
                        .isLessThan(end);
                for (byte[] frame : Frames.take(queue, burst)) {
                    assertThat(Frames.number(frame)).isGreaterThan(last);
                    last = Frames.number(frame);
                    came++;
                }
            }
            assertThat(came).isGreaterThan(16_000);
        }
    }

    /** With what is on its way in all directions. */
    @Test
    void close_inTheMiddleOfTraffic_leavesNoBuffer() throws Exception {
        for (int round = 0; round < 5; round++) {
            try (PacketIo near = open(1, "onvm_serv", "1", "onvm_dest", "2");
                    PacketIo far = open(1, "onvm_serv", "2", "onvm_dest", "1")) {
                for (int i = 0; i < 2000; i++) {
                    Frames.commit(near.queue(0), Frames.tcp(1, 2, i));
                    Frames.commit(far.queue(0), Frames.tcp(2, 1, i));
                    if (i % 32 == 31) {
                        near.queue(0).flush();
                    }
                }
                Frames.take(near.queue(0), new FrameBurst(32));
                far.queue(0).reserve(0, 100);
            }
            nothingIsLeft();
        }
    }

    @Test
    void severalCores_flow_arrivesAtTheCoreOfItsHash_bothWays() throws Exception {
        try (PacketIo near = open(2, "onvm_serv", "1", "onvm_dest", "2");
                PacketIo far = open(2, "onvm_serv", "2", "onvm_dest", "1")) {
            Map<Integer, Integer> there = spread(near, far, true);
            Map<Integer, Integer> back = spread(far, near, false);
            assertThat(back).as("core of each flow, the way back").isEqualTo(there);
            assertThat(there.values()).contains(0, 1);
        }
    }

    /** Sends a frame of each of some flows; at which queue each arrived. */
    private static Map<Integer, Integer> spread(PacketIo from, PacketIo to, boolean there) {
        int flows = 64;
        for (int flow = 0; flow < flows; flow++) {
            byte[] frame = Frames.tcp(there ? 1000 + flow : 80, there ? 80 : 1000 + flow, flow);
            if (!there) {
                Frames.swapAddresses(frame);
            }
            Frames.send(from.queue(0), frame);
        }
        Map<Integer, Integer> queues = new HashMap<>();
        var burst = new FrameBurst(32);
        for (long end = System.nanoTime() + PATIENCE; queues.size() < flows; ) {
            assertThat(System.nanoTime()).as("%s", queues).isLessThan(end);
            for (int queue = 0; queue < 2; queue++) {
                for (byte[] frame : Frames.take(to.queue(queue), burst)) {
                    assertThat(queues.put(Frames.number(frame), queue)).isNull();
                }
            }
        }
        return queues;
    }

    @Test
    void severalPorts_frame_arrivesAtThePortOfItsNumber_inOrder() throws Exception {
        try (PacketIo near = open(List.of("dpdk0", "dpdk3"), "onvm_serv", "1", "onvm_dest", "2");
                PacketIo far = open(List.of("dpdk3", "dpdk0", "dpdk5"), "onvm_serv", "2", "onvm_dest", "1")) {
            int each = 300;
            PacketQueue from = near.queue(0);
            for (int number = 0; number < each; number++) {
                for (int port = 0; port < 2; port++) {
                    commit(from, port, Frames.tcp(1, 2, number));
                }
                from.flush();
            }
            assertThat(receive(far, 2 * each)).containsExactly(upTo(each), upTo(each), List.of());
            assertThat(near.statistics(1).txPackets()).isEqualTo(each);
            assertThat(far.statistics(1).rxPackets()).isEqualTo(each);
            assertThat(far.statistics(2).rxPackets()).isZero();
        }
    }

    @Test
    void frameOfAPortThatTheReceiverHasNot_arrivesAtItsFirst() throws Exception {
        try (PacketIo near = open(List.of("dpdk7"), "onvm_serv", "1", "onvm_dest", "2");
                PacketIo far = open(List.of("dpdk3", "dpdk0"), "onvm_serv", "2", "onvm_dest", "1")) {
            commit(near.queue(0), 0, Frames.tcp(1, 2, 9));
            near.queue(0).flush();
            assertThat(receive(far, 1)).containsExactly(List.of(9), List.of());
        }
    }

    private static PacketIo open(List<String> ports, String... options) throws PacketIoException {
        return new OnvmProvider()
                .open(new DriverConfig(
                        1,
                        ports.stream().map(PortConfig::of).toList(),
                        Configs.options(manager, options),
                        Toeplitz.symmetricKey(),
                        System::nanoTime));
    }

    private static void commit(PacketQueue queue, int port, byte[] frame) {
        long at = queue.reserve(port, frame.length);
        assertThat(at).isNotEqualTo(PacketQueue.FULL);
        MemorySegment.copy(frame, 0, queue.transmitMemory(port), JAVA_BYTE, at, frame.length);
        queue.commit(port, frame.length, TxOffload.NONE);
    }

    /** The numbers of so many frames, by the ports that they come by. */
    private static List<List<Integer>> receive(PacketIo io, int count) {
        List<List<Integer>> numbers =
                io.ports().stream().<List<Integer>>map(_ -> new ArrayList<>()).toList();
        var burst = new FrameBurst(32);
        int received = 0;
        for (long end = System.nanoTime() + PATIENCE; received < count; ) {
            assertThat(System.nanoTime()).as("%s", numbers).isLessThan(end);
            for (int port = 0; port < numbers.size(); port++) {
                received += io.queue(0).receive(port, burst);
                for (int i = 0; i < burst.count(); i++) {
                    numbers.get(port).add(burst.memory().get(NETWORK_INT, burst.offset(i) + 38));
                }
            }
        }
        return numbers;
    }

    private static List<Integer> upTo(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    @Test
    void withoutDestination_framesLeaveByThePort() throws Exception {
        try (PacketIo io = open(1, "onvm_serv", "1")) {
            for (int i = 0; i < 100; i++) {
                Frames.send(io.queue(0), Frames.tcp(1, 2, i));
            }
            assertThat(io.statistics(0).txPackets()).isEqualTo(100);
            manager.await("all are out", state -> state.sent() == 100);
            assertThat(functions().getFirst().tx()).isEqualTo(100);
        }
    }

    @Test
    void destinationThatNobodyServes_isCountedWithTheManager() throws Exception {
        try (PacketIo io = open(1, "onvm_serv", "1", "onvm_dest", "7")) {
            for (int i = 0; i < 50; i++) {
                Frames.send(io.queue(0), Frames.tcp(1, 2, i));
            }
            manager.await(
                    "all dropped",
                    state -> state.functions().values().iterator().next().txDrop() == 50);
        }
    }

    private static List<State.Function> functions() throws IOException {
        return List.copyOf(manager.state().functions().values());
    }

    private static PacketIo open(int queues, String... options) throws PacketIoException {
        return new OnvmProvider().open(Configs.of(manager, queues, options));
    }

    private static void assertRefused(String why, int queues, String... options) {
        assertThatThrownBy(() -> open(queues, options).close())
                .isInstanceOf(PacketIoException.class)
                .hasMessageContaining(why);
    }

    private static void receiveForever(PacketQueue queue) {
        var burst = new FrameBurst(32);
        for (long end = System.nanoTime() + PATIENCE; System.nanoTime() < end; LockSupport.parkNanos(100_000)) {
            queue.receive(0, burst);
        }
    }
}
