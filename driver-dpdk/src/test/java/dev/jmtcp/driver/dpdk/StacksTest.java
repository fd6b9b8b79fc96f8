package dev.jmtcp.driver.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.InvalidOptionException;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.TxOffload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several drivers in one process, and the buffers and threads of each. */
class StacksTest {

    private static final long PATIENCE = 20_000_000_000L;

    @TempDir
    private Path folder;

    @BeforeEach
    void needDpdk() {
        Installation.need();
    }

    private static PacketIo open(DriverConfig config) throws PacketIoException {
        return new DpdkProvider().open(config);
    }

    private static PacketIo ring(String name, Map<String, String> options) throws PacketIoException {
        return open(Configs.of(1, options, Configs.port("port0", "net_ring_" + name)));
    }

    @Test
    void twoDrivers_atTheSameTime_doNotMeet() throws IOException {
        try (PacketIo one = ring("one", Map.of());
                PacketIo two = ring("two", Map.of())) {
            assertThat(send(one.queue(0), 10)).isEqualTo(10);
            assertThat(receive(two.queue(0), new FrameBurst(32))).isZero();
            assertThat(receive(one.queue(0), new FrameBurst(32))).isEqualTo(10);
        }
    }

    @Test
    void device_inUseInThisProcess_isRefused() throws IOException {
        try (PacketIo one = ring("same", Map.of())) {
            assertThatThrownBy(() -> ring("same", Map.of()))
                    .isInstanceOf(PacketIoException.class)
                    .hasMessageContaining("device net_ring_same is in use in this process");
            assertThat(send(one.queue(0), 1)).isEqualTo(1);
        }
        ring("same", Map.of()).close();
    }

    @Test
    void openAgain_withOtherSettingsOfDpdk_isRefusedNamingThem() throws IOException {
        ring("first", Map.of()).close();
        assertThatThrownBy(() -> ring("first", Map.of("memory", "64m")))
                .isInstanceOfSatisfying(
                        InvalidOptionException.class,
                        refusal -> assertThat(refusal.option()).isEqualTo("memory"))
                .hasMessageContaining("starts once in a process, and runs already with 'auto'");
        ring("first", Map.of()).close();
    }

    @Test
    void start_leavesThreadsOfTheJvmWhereTheyMayRun() throws IOException {
        String before = cpus();
        ring("cpus", Map.of()).close();
        assertThat(cpus()).isEqualTo(before);
    }

    private static String cpus() throws IOException {
        return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void buffers_usedUpOverAndOver_areRefusedAndComeBack() throws IOException {
        try (var io = (DpdkIo) open(Configs.of(
                1, Map.of("mbufs", "512"), Configs.port("a", "net_ring_a"), Configs.port("b", "net_ring_b")))) {
            PacketQueue queue = io.queue(0);
            var burst = new FrameBurst(32);
            for (int round = 0; round < 100; round++) {
                int sent = 0;
                for (int port = 0; port < 2; port++) {
                    while (queue.reserve(port, 100) != PacketQueue.FULL) {
                        queue.commit(port, 100, TxOffload.NONE);
                        queue.flush();
                        sent++;
                    }
                }
                assertThat(sent).as("frames of 512 buffers").isBetween(256, 512);
                int came = 0;
                for (int port = 0; port < 2; port++) {
                    for (int count = queue.receive(port, burst); count > 0; count = queue.receive(port, burst)) {
                        came += count;
                    }
                }
                assertThat(came).isEqualTo(sent);
                assertThat(io.buffersFree())
                        .as("free buffers after round %d", round)
                        .isBetween(510, 512);
            }
        }
    }

    @Test
    void threads_manyOneAfterTheOther_areForgottenByDpdk() throws Exception {
        try (var io = (DpdkIo) ring("threads", Map.of())) {
            for (int i = 0; i < 300; i++) {
                var sent = new int[1];
                Thread thread = Thread.ofPlatform().start(() -> {
                    sent[0] = send(io.queue(0), 5);
                    sent[0] += receive(io.queue(0), new FrameBurst(32));
                    receive(io.queue(0), new FrameBurst(32));
                });
                thread.join();
                assertThat(sent[0]).as("frames of thread %d, there and back", i).isEqualTo(10);
            }
            assertThat(io.buffersFree()).isBetween(io.buffers() - 1, io.buffers());
        }
    }

    @Test
    void link_whosePeerGoes_isDownAndComesBack() throws Exception {
        String socket = "socket-abstract=no,socket=" + folder.resolve("memif");
        DriverConfig server = Configs.of(Configs.port("port0", "net_memif_server,role=server," + socket));
        DriverConfig client = Configs.of(Configs.port("port0", "net_memif_client,role=client," + socket));
        try (PacketIo io = open(server)) {
            for (int time = 0; time < 2; time++) {
                assertThat(io.linkUp(0)).as("link before the peer comes").isFalse();
                assertThat(send(io.queue(0), 3))
                        .as("frames that the device took")
                        .isZero();
                try (PacketIo peer = open(client)) {
                    awaitLink(io, true);
                    awaitLink(peer, true);
                    assertThat(send(peer.queue(0), 5)).isEqualTo(5);
                    var burst = new FrameBurst(32);
                    int came = 0;
                    long start = System.nanoTime();
                    while (came < 5 && System.nanoTime() - start < PATIENCE) {
                        came += receive(io.queue(0), burst);
                    }
                    assertThat(came).isEqualTo(5);
                }
                awaitLink(io, false);
            }
        }
    }

    private static void awaitLink(PacketIo io, boolean up) {
        long start = System.nanoTime();
        while (io.linkUp(0) != up) {
            assertThat(System.nanoTime() - start)
                    .as("ns until the link is %s", up ? "up" : "down")
                    .isLessThan(PATIENCE);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Sends frames; how many the device took. */
    private static int send(PacketQueue queue, int frames) {
        int waiting = queue.flush();
        int sent = 0;
        while (sent < frames && queue.reserve(0, 60) != PacketQueue.FULL) {
            queue.commit(0, 60, TxOffload.NONE);
            sent++;
        }
        return waiting + sent - queue.flush();
    }

    private static int receive(PacketQueue queue, FrameBurst burst) {
        return queue.receive(0, burst);
    }
}
