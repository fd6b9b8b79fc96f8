package dev.jmtcp.driver.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketQueue;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wire in a file, between processes that come, go and die. */
class ProcessesTest {

    private static final WireConfig CONFIG = WireConfig.DEFAULT.withRing(64).withPlaces(4);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    Path directory;

    private final List<Process> children = new ArrayList<>();

    @AfterEach
    void killChildren() throws InterruptedException {
        for (Process child : children) {
            child.destroyForcibly();
            child.waitFor();
        }
    }

    private Path file() {
        return directory.resolve("wire");
    }

    private record Child(Process process, BufferedReader output, MacAddress mac) {}

    private Child start(String name, String mode) throws IOException {
        Path errors = directory.resolve(name + ".errors");
        Process process = PeerProcess.start(file(), name, mode, errors);
        children.add(process);
        BufferedReader output = process.inputReader();
        String mac = output.readLine();
        assertThat(mac).as(() -> read(errors)).isNotNull();
        return new Child(process, output, MacAddress.parse(mac));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void eventually(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).as(what).isLessThan(PATIENCE);
        }
    }

    /** Sends frames to an echo and expects them back, whole and in order. */
    private static void exchange(SimPacketIo io, MacAddress peer, int frames) {
        PacketQueue queue = io.queue(0);
        var burst = new FrameBurst(16);
        long sent = 0;
        long received = 0;
        long start = System.nanoTime();
        while (received < frames) {
            while (sent < frames && Frames.put(queue, 0, peer, io.port().mac(), sent, 60 + (int) (sent % 1000))) {
                sent++;
            }
            queue.flush();
            if (queue.receive(0, burst) == 0) {
                assertThat(System.nanoTime() - start).as("received " + received).isLessThan(PATIENCE);
                queue.await(10_000_000);
            }
            for (int i = 0; i < burst.count(); i++) {
                assertThat(Frames.number(burst, i)).isEqualTo(received++);
            }
        }
    }

    @Test
    void frames_betweenTwoProcesses_goBothWays() throws Exception {
        try (var wire = Wire.ofFile(file(), CONFIG)) {
            var io = wire.open("here", System::nanoTime);
            Child child = start("there", "echo");
            exchange(io, child.mac, 20_000);
            io.close();
        }
    }

    @Test
    void delay_betweenProcessesWithClocksOfOtherOrigin_isAsSet() throws Exception {
        try (var wire = Wire.ofFile(file(), CONFIG)) {
            Child child = start("there", "echo");
            var io = wire.open("here", () -> System.nanoTime() + 1_000_000_000_000L);
            io.impair(0, Impairments.NONE.withDelay(50_000_000));
            long start = System.nanoTime();
            exchange(io, child.mac, 1);
            assertThat(System.nanoTime() - start).isBetween(50_000_000L, PATIENCE);
            io.close();
        }
    }

    @Test
    void peer_dies_isNoticedAndItsFramesComeBack() throws Exception {
        try (var wire = Wire.ofFile(file(), CONFIG)) {
            var io = wire.open("here", System::nanoTime);
            PacketQueue queue = io.queue(0);
            for (int round = 0; round < 6; round++) {
                Child child = start("there" + round, "hold");
                // It holds some of our frames in its hands and some in its ring when it dies; we do of its own.
                var burst = new FrameBurst(1);
                eventually("a frame of the peer", () -> queue.receive(0, burst) == 1);
                int given = 0;
                while (Frames.put(queue, 0, child.mac, given, 60)) {
                    given++;
                    queue.flush();
                }
                assertThat(given).isGreaterThanOrEqualTo(64);
                assertThat(child.output.readLine()).isEqualTo("holding");
                child.process.destroyForcibly().waitFor();
                eventually("the port is gone", () -> wire.table().places() == 1);
                assertThat(queue.flush()).isZero();
                // All slots are home again: as many frames can be sent as ever.
                Frames.drain(queue);
                for (int i = 0; i < 1000; i++) {
                    assertThat(Frames.put(queue, 0, child.mac, i, 60))
                            .as("frame %d", i)
                            .isTrue();
                    assertThat(queue.flush()).isZero();
                }
            }
            io.close();
        }
    }

    @Test
    void peer_diesAndAnotherComes_framesFlowAgain() throws Exception {
        try (var wire = Wire.ofFile(file(), CONFIG)) {
            var io = wire.open("here", System::nanoTime);
            Child first = start("first", "echo");
            exchange(io, first.mac, 1000);
            first.process.destroyForcibly().waitFor();
            Child second = start("second", "echo");
            exchange(io, second.mac, 1000);
            io.close();
        }
    }

    @Test
    void peer_endsInOrder_leavesThePlace() throws Exception {
        try (var wire = Wire.ofFile(file(), CONFIG)) {
            var io = wire.open("here", System::nanoTime);
            for (int round = 0; round < 5; round++) {
                Child child = start("there" + round, "echo");
                exchange(io, child.mac, 100);
                child.process.getOutputStream().close();
                assertThat(child.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                eventually("the port is gone", () -> wire.table().places() == 1);
                io.queue(0).receive(0, new FrameBurst(1));
            }
            io.close();
        }
    }

    @Test
    void file_leftByDeadProcess_isMadeAnew() throws Exception {
        Child child = start("there", "echo");
        child.process.destroyForcibly().waitFor();
        assertThat(file()).exists();
        try (var wire = Wire.ofFile(file(), CONFIG.withRing(128).withPlaces(2))) {
            assertThat(wire.layout().ring).isEqualTo(128);
            wire.open("a", System::nanoTime);
            wire.open("b", System::nanoTime).close();
        }
        assertThat(file()).doesNotExist();
    }

    @Test
    void file_programsEndWithoutClosing_isDeletedByTheLast() throws Exception {
        Child first = start("first", "exit");
        Child second = start("second", "exit");
        first.process.getOutputStream().close();
        assertThat(first.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(file()).exists();
        second.process.getOutputStream().close();
        assertThat(second.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(file()).doesNotExist();
    }

    @Test
    void file_othersHaveIt_keepsItsGeometry() throws Exception {
        Child child = start("there", "echo");
        try (var wire = Wire.ofFile(file(), CONFIG.withRing(128).withMtu(9000))) {
            assertThat(wire.layout().ring).isEqualTo(64);
            var io = wire.open("here", System::nanoTime);
            assertThat(io.port().mtu()).isEqualTo(1500);
            exchange(io, child.mac, 100);
            io.close();
        }
        assertThat(file()).exists();
    }

    @Test
    void file_ofSomethingElse_isRefusedAndUntouched() throws Exception {
        Files.writeString(file(), "precious");
        assertThatThrownBy(() -> Wire.ofFile(file(), CONFIG))
                .isInstanceOf(PacketIoException.class)
                .hasMessageContaining("something else");
        assertThat(file()).hasContent("precious");
    }

    @Test
    void file_ofAnotherVersionInUse_isRefused() throws Exception {
        start("there", "echo");
        try (var channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            var version = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(0, Layout.VERSION + 1);
            channel.write(version, Layout.VERSION_AT);
        }
        assertThatThrownBy(() -> Wire.ofFile(file(), CONFIG))
                .isInstanceOf(PacketIoException.class)
                .hasMessageContaining("have version 2 of the wire, this is version 1");
    }

    @Test
    void file_withDamagedHeaderInUse_isRefused() throws Exception {
        start("there", "echo");
        try (var channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            var places = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(0, 1 << 30);
            channel.write(places, Layout.PLACES_AT);
        }
        assertThatThrownBy(() -> Wire.ofFile(file(), CONFIG))
                .isInstanceOf(PacketIoException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void file_inNoDirectory_isRefused() {
        assertThatThrownBy(() -> Wire.ofFile(directory.resolve("none/wire"), CONFIG))
                .isInstanceOf(PacketIoException.class)
                .hasMessageContaining("none/wire");
    }

    @Test
    void file_openedTwiceByOneProcess_isRefusedAndHarmless() throws Exception {
        try (var wire = Wire.ofFile(file(), CONFIG)) {
            var io = wire.open("here", System::nanoTime);
            assertThatThrownBy(() -> Wire.ofFile(file(), CONFIG))
                    .isInstanceOf(PacketIoException.class)
                    .hasMessageContaining("open already");
            Child child = start("there", "echo");
            exchange(io, child.mac, 1000);
            io.close();
        }
    }

    /** By the rules of POSIX, to close any handle of a file gives back all locks on it that the process has. */
    @Test
    void file_closedElsewhereInTheProcess_peersStillSeeIt() throws Exception {
        try (var wire = Wire.ofFile(file(), CONFIG)) {
            var io = wire.open("here", System::nanoTime);
            FileChannel.open(file(), StandardOpenOption.READ).close();
            Child child = start("there", "echo");
            exchange(io, child.mac, 1000);
            io.close();
        }
    }

    @Test
    void ports_openedAndClosedByAnInterruptedThread_doNotCloseTheFile() throws Exception {
        try (var wire = Wire.ofFile(file(), CONFIG)) {
            Thread.currentThread().interrupt();
            wire.open("a", System::nanoTime).close();
            assertThat(Thread.interrupted()).isTrue();
            var io = wire.open("here", System::nanoTime);
            Child child = start("there", "echo");
            exchange(io, child.mac, 10);
            io.close();
        }
    }
}
