package dev.jmtcp.driver.netmap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.spi.DeviceFailedException;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketQueue;
import java.lang.foreign.MemorySegment;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ports that go down or away, and memory that is no more. */
class FaultTest {

    private static final long REST = 20_000_000;

    @BeforeEach
    void standIn() {
        StandIn.needed();
    }

    @AfterEach
    void reset() {
        StandIn.reset();
    }

    @Test
    void card_goesDownAndComesBack_goesOn() throws PacketIoException {
        try (PacketIo io = Wire.open("nic0", "nic1")) {
            PacketQueue queue = io.queue(0);
            Wire.send(queue, 0, Wire.frame(100, 1));
            Wire.expect(queue, 1, Wire.frame(100, 1));
            assertThat(io.linkUp(0)).isTrue();

            StandIn.CARD_0.order(StandIn.DOWN);
            assertThat(io.linkUp(0)).isFalse();
            assertThat(queue.receive(0, new FrameBurst(4))).isZero();
            assertThat(Wire.commit(queue, 0, Wire.frame(200, 2))).isTrue();
            assertThat(queue.flush()).isEqualTo(1);
            assertThat(queue.flush()).isEqualTo(1);
            assertThat(io.statistics(0).txPackets()).isEqualTo(1);
            assertThat(queue.receive(1, new FrameBurst(4))).isZero();

            StandIn.CARD_0.order(StandIn.UP);
            assertThat(queue.flush()).isZero();
            assertThat(io.statistics(0).txPackets()).isEqualTo(2);
            Wire.send(queue, 0, Wire.frame(300, 3));
            assertThat(Wire.receive(queue, 1, 2)).containsExactly(Wire.frame(200, 2), Wire.frame(300, 3));
        }
    }

    @Test
    void await_whileACardIsDown_rests() throws PacketIoException {
        try (PacketIo io = Wire.open("nic0")) {
            StandIn.CARD_0.order(StandIn.DOWN);
            long start = System.nanoTime();
            for (int rests = 0; rests < 10; rests++) {
                io.queue(0).await(REST);
            }
            assertThat(System.nanoTime() - start).as("ns of 10 rests").isGreaterThan(10 * 5_000_000);
        }
    }

    @Test
    void card_goesAway_failsForGood() throws PacketIoException {
        assertFails("nic0", StandIn.CARD_0, StandIn.GONE);
    }

    @Test
    void virtualPorts_whoseModuleFails_failForGood() throws PacketIoException {
        assertFails("vale0:1", StandIn.BROKEN, 1);
        assertFails("x{1", StandIn.BROKEN, 1);
    }

    private static void assertFails(String port, StandIn order, int value) throws PacketIoException {
        for (int call = 0; call < 3; call++) {
            try (PacketIo io = Wire.open(port)) {
                PacketQueue queue = io.queue(0);
                assertThat(Wire.commit(queue, 0, Wire.frame(100, 1))).isTrue();
                order.order(value);
                ThrowingCallable[] calls = {
                    () -> queue.receive(0, new FrameBurst(4)), queue::flush, () -> queue.await(REST),
                };
                assertFails(port, calls[call]);
                for (ThrowingCallable again : calls) {
                    assertFails(port, again);
                }
                assertFails(port, () -> queue.reserve(0, 100));
                assertThat(io.linkUp(0)).isEqualTo(order == StandIn.BROKEN);
                assertThat(io.statistics(0).rxPackets()).isZero();
            } finally {
                StandIn.reset();
            }
            Wire.open(port).close();
        }
    }

    private static void assertFails(String port, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(DeviceFailedException.class)
                .hasMessageContainingAll(port, "is gone", "open it again");
    }

    @Test
    void close_memoryOfFrames_isRefusedFromThenOn() throws PacketIoException {
        for (String[] ports : new String[][] {{"vale0:1", "vale0:2"}, {"x{1", "x}1"}, {"nic0", "nic1"}}) {
            MemorySegment sent;
            var burst = new FrameBurst(4);
            long at;
            try (PacketIo io = Wire.open(ports)) {
                sent = io.queue(0).transmitMemory(0);
                at = io.queue(0).reserve(0, 100);
                Wire.send(io.queue(0), 0, Wire.frame(100, 1));
                assertThat(io.queue(0).receive(1, burst)).isEqualTo(1);
            }
            assertThatThrownBy(() -> sent.get(JAVA_BYTE, at)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> sent.set(JAVA_BYTE, at, (byte) 1)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> burst.memory().get(JAVA_BYTE, burst.offset(0)))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    /** A thread that uses the memory while another one closes it is told so; it does not bring the JVM down. */
    @Test
    void close_whileAnotherThreadReads_stopsItThere() throws PacketIoException, InterruptedException {
        for (int time = 0; time < 20; time++) {
            PacketIo io = Wire.open("vale0:1");
            MemorySegment memory = io.queue(0).transmitMemory(0);
            long at = io.queue(0).reserve(0, 100);
            var refused = new Throwable[1];
            var reader = Thread.ofPlatform().start(() -> {
                try {
                    while (true) {
                        memory.set(JAVA_BYTE, at, (byte) (memory.get(JAVA_BYTE, at) + 1));
                    }
                } catch (IllegalStateException e) {
                    refused[0] = e;
                }
            });
            io.close();
            reader.join();
            assertThat(refused[0]).isNotNull();
        }
    }

    @Test
    void pipe_endIsOpenedAnew_goesOnWhereItWas() throws PacketIoException {
        try (PacketIo near = Wire.open("lasting{1")) {
            PacketIo far = Wire.open("lasting}1");
            for (int i = 0; i < 5; i++) {
                Wire.send(near.queue(0), 0, Wire.frame(100, i));
            }
            Wire.expect(far.queue(0), 0, Wire.frame(100, 0));
            far.close();

            far = Wire.open("lasting}1");
            Wire.send(near.queue(0), 0, Wire.frame(100, 5));
            // What was handed out and not given back comes again.
            assertThat(Wire.receive(far.queue(0), 0, 6))
                    .hasSizeGreaterThanOrEqualTo(5)
                    .endsWith(Wire.frame(100, 5));
            far.close();
        }
    }
}
