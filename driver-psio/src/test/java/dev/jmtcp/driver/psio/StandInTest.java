package dev.jmtcp.driver.psio;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.testsupport.ThreadNamespace;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stand-in answers as the engine's module does (ixgbe_main.c, ps_ioctl): what the driver relies on, and what only other programs use. */
class StandInTest {

    private static final int OTHER = 0x88b5;

    /** By the hash of the engine's key: ports of TCP from 10.0.0.1 to port 80 of 10.0.0.2, which come on queues 0 and 1 of two. */
    private static final int[] PORT_OF_QUEUE = {2, 0};

    private final Arena arena = Arena.ofAuto();
    private StandIn cards;
    private Handle handle;

    @BeforeEach
    void load() throws IOException {
        cards = StandIn.withQueues(2);
        handle = Handle.open();
    }

    @AfterEach
    void unload() {
        if (cards != null) {
            handle.close();
            cards.close();
        }
    }

    @Test
    void listDevices_cards_haveNamesAddressesAndQueues() throws Exception {
        List<Device> devices = Device.list();
        assertThat(devices).extracting(Device::name).containsExactly("xge0", "xge1");
        assertThat(devices).extracting(Device::ifindex).containsExactly(0, 1);
        assertThat(devices).extracting(Device::rxQueues).containsExactly(2, 2);
        assertThat(devices).extracting(Device::txQueues).containsExactly(2, 2);
        assertThat(devices).extracting(Device::mac).doesNotHaveDuplicates();
    }

    @Test
    void listDevices_ipv4AddressAndKernelIndex_areTheKernels() throws Exception {
        ThreadNamespace.run("ip address add 10.1.2.3/24 dev xge1");
        MemorySegment listed = arena.allocate((long) Ps.LISTED * Ps.MAX_DEVICES, 8);
        assertThat(handle.call("LIST_DEVICES", Ps.LIST_DEVICES, listed)).isEqualTo(2);
        MemorySegment second = listed.asSlice(Ps.LISTED, Ps.LISTED);
        assertThat(second.asSlice(Ps.LISTED_IPV4, 4).toArray(JAVA_BYTE)).containsExactly(10, 1, 2, 3);
        assertThat(ThreadNamespace.run("ip link show dev xge1"))
                .startsWith(second.get(JAVA_INT, Ps.LISTED_KIFINDEX) + ": ");
    }

    @Test
    void attach_badOrHeldQueue_isRefused() throws Exception {
        assertFails(Errno.EINVAL, () -> handle.attach(-1, 0));
        assertFails(Errno.EINVAL, () -> handle.attach(2, 0));
        assertFails(Errno.EINVAL, () -> handle.attach(0, -1));
        assertFails(Errno.EINVAL, () -> handle.attach(0, 2));
        handle.attach(0, 0);
        assertFails(Errno.EBUSY, () -> handle.attach(0, 0));
        try (var other = Handle.open()) {
            assertFails(Errno.EBUSY, () -> other.attach(0, 0));
            assertFails(Errno.EBUSY, () -> detach(other, 0, 0));
            assertFails(Errno.EBUSY, () -> detach(other, 0, 1));
            assertFails(Errno.EINVAL, () -> detach(other, 0, 2));
        }
    }

    /** Why the driver detaches before it closes: mapped memory keeps the file open. */
    @Test
    void close_memoryStillMapped_queuesStayHeld() throws Exception {
        MemorySegment memory;
        try (var other = Handle.open()) {
            memory = other.mapChunk();
            // Not by attach(), which would be undone.
            other.call("ATTACH_RX_DEVICE", Ps.ATTACH_RX_DEVICE, queue(0, 1));
        }
        assertFails(Errno.EBUSY, () -> handle.attach(0, 1));
        Libc.munmap(memory.address(), Ps.BUFFER);
        handle.attach(0, 1);
    }

    @Test
    void otherRequests_areNotUnderstood() {
        assertFails(Errno.ENOTTY, () -> handle.call("10", 10, queue(0, 0)));
    }

    @Test
    void mmap_moreThan48Buffers_isRefused() throws Exception {
        var kept = new ArrayList<MemorySegment>();
        for (int i = 0; i < 48; i++) {
            kept.add(handle.mapChunk());
        }
        assertFails(Errno.ENOMEM, () -> kept.add(handle.mapChunk()));
        assertThat(kept).hasSize(48);
    }

    @Test
    void receive_badChunk_isRefused() throws Exception {
        MemorySegment memory = handle.mapChunk();
        for (int request : new int[] {Ps.RECV_CHUNK, Ps.RECV_CHUNK_IFIDX}) {
            assertFails(Errno.EINVAL, () -> handle.call("nothing attached", request, chunk(memory.address(), 1)));
        }
        handle.attach(0, 0);
        for (int request : new int[] {Ps.RECV_CHUNK, Ps.RECV_CHUNK_IFIDX}) {
            assertFails(Errno.EINVAL, () -> handle.call("count", request, chunk(memory.address(), 0)));
            assertFails(Errno.EINVAL, () -> handle.call("count", request, chunk(memory.address(), 4097)));
            assertFails(Errno.EFAULT, () -> handle.call("buffer", request, chunk(memory.address() + 64, 1)));
            assertFails(Errno.EAGAIN, () -> handle.call("nothing there", request, chunk(memory.address(), 4096)));
        }
    }

    @Test
    void recvChunk_queuesWithFrames_takesTheirTurns() throws Exception {
        handle.attach(0, 0);
        handle.attach(0, 1);
        MemorySegment memory = handle.mapChunk();
        try (var sender = new Sender()) {
            for (int i = 0; i < 3; i++) {
                sender.send(Frames.tcp(PORT_OF_QUEUE[0], 80, "0000"));
                sender.send(Frames.tcp(PORT_OF_QUEUE[1], 80, "0000"));
            }
        }
        var turns = new ArrayList<Integer>();
        for (int i = 0; i < 6; i++) {
            MemorySegment chunk = chunk(memory.address(), 1);
            assertThat(handle.call("RECV_CHUNK", Ps.RECV_CHUNK, chunk)).isEqualTo(1);
            turns.add(chunk.get(JAVA_INT, Ps.CHUNK_QIDX));
        }
        assertThat(turns).containsExactly(0, 1, 0, 1, 0, 1);
    }

    @Test
    void recvChunk_blocking_waitsForAFrame() throws Exception {
        handle.attach(0, 0);
        MemorySegment chunk = chunk(handle.mapChunk().address(), 8);
        chunk.set(JAVA_INT, Ps.CHUNK_BLOCKING, 1);
        try (var sender = new Sender()) {
            Thread other = Thread.ofPlatform().start(() -> {
                try {
                    sender.send(Frames.of(OTHER, 60, 1));
                } catch (CallFailedException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(handle.call("RECV_CHUNK", Ps.RECV_CHUNK, chunk)).isEqualTo(1);
            other.join();
        }
    }

    @Test
    void recvChunkIfidx_asksByTheOrderOfAttaching_answersWithTheCard() throws Exception {
        handle.attach(1, 0);
        handle.attach(0, 0);
        MemorySegment memory = handle.mapChunk();
        try (var sender = new Sender()) {
            sender.send(Frames.of(OTHER, 60, 1));
        }
        MemorySegment chunk = chunk(memory.address(), 8);
        chunk.set(JAVA_INT, Ps.CHUNK_IFINDEX, 0);
        assertFails(Errno.EAGAIN, () -> handle.call("xge1", Ps.RECV_CHUNK_IFIDX, chunk));
        chunk.set(JAVA_INT, Ps.CHUNK_IFINDEX, 1);
        assertThat(handle.call("xge0", Ps.RECV_CHUNK_IFIDX, chunk)).isEqualTo(1);
        assertThat(chunk.get(JAVA_INT, Ps.CHUNK_IFINDEX)).isZero();
    }

    @Test
    void receive_severalFrames_lieAtMultiplesOf64FromTheBeginning() throws Exception {
        handle.attach(0, 0);
        MemorySegment memory = handle.mapChunk();
        try (var sender = new Sender()) {
            for (int length : new int[] {60, 65, 128, 1514}) {
                sender.send(Frames.of(OTHER, length, length));
            }
        }
        MemorySegment info = arena.allocate(8L * Ps.INFO, 8);
        MemorySegment chunk = chunk(memory.address(), 8);
        chunk.set(JAVA_LONG, Ps.CHUNK_INFO, info.address());
        assertThat(handle.call("RECV_CHUNK", Ps.RECV_CHUNK, chunk)).isEqualTo(4);
        int[] offsets = {0, 64, 192, 320};
        int[] lengths = {60, 65, 128, 1514};
        for (int i = 0; i < 4; i++) {
            assertThat(info.get(JAVA_INT, (long) i * Ps.INFO)).isEqualTo(offsets[i]);
            assertThat(info.get(JAVA_SHORT, (long) i * Ps.INFO + Ps.INFO_LENGTH))
                    .isEqualTo((short) lengths[i]);
            assertThat(memory.asSlice(offsets[i], lengths[i]).toArray(JAVA_BYTE))
                    .isEqualTo(Frames.of(OTHER, lengths[i], lengths[i]));
        }
    }

    @Test
    void sendChunkBuf_countsOf256AndTheEndOfTheRing_limitOneCall() throws Exception {
        MemorySegment memory = handle.mapChunk();
        assertThat(sendBuf(memory.address(), 1000, 0)).isEqualTo(256);
        assertThat(sendBuf(memory.address(), 1000, 4000)).isEqualTo(96);
        assertThat(sendBuf(memory.address(), 7, 0)).isEqualTo(7);
        assertThat(handle.call("GET_TXENTRY", Ps.GET_TXENTRY, queue(1, 0))).isEqualTo(4095 - 359);
        assertFails(Errno.EINVAL, () -> sendBuf(memory.address(), 0, 0));
        assertFails(Errno.EFAULT, () -> sendBuf(memory.address() + 4096, 1, 0));
        assertFails(Errno.EINVAL, () -> handle.call("GET_TXENTRY", Ps.GET_TXENTRY, queue(1, 2)));
    }

    @Test
    void sendChunkBuf_ringNearlyFull_takesWhatHasRoom() throws Exception {
        cards.transmitRings(100, 30);
        MemorySegment memory = handle.mapChunk();
        assertThat(sendBuf(memory.address(), 200, 0)).isEqualTo(99);
        assertThat(sendBuf(memory.address(), 200, 0)).isEqualTo(30);
    }

    @Test
    void slowpath_lengthsThatNoFrameHas_areRefused() throws Exception {
        MemorySegment packet = arena.allocate(Ps.PACKET, 8);
        packet.set(JAVA_LONG, Ps.PACKET_BUFFER, arena.allocate(2048).address());
        for (int length : new int[] {13, 1515, -1}) {
            packet.set(JAVA_INT, Ps.PACKET_LENGTH, length);
            assertFails(Errno.EINVAL, () -> handle.call("SLOWPATH", Ps.SLOWPATH_PACKET, packet));
        }
        packet.set(JAVA_INT, Ps.PACKET_LENGTH, 14);
        assertThat(handle.call("SLOWPATH", Ps.SLOWPATH_PACKET, packet)).isZero();
        packet.set(JAVA_INT, Ps.PACKET_IFINDEX, 2);
        assertFails(Errno.EINVAL, () -> handle.call("SLOWPATH", Ps.SLOWPATH_PACKET, packet));
    }

    @Test
    void select_answersByTimeSetsAndAttachment() throws Exception {
        assertFails(Errno.EINVAL, () -> select(0, 1, 0));
        handle.attach(0, 0);
        assertThat(select(0, 0, 0)).isEqualTo("0 0");
        assertFails(Errno.EAGAIN, () -> select(0, 1, 0));
        assertThat(select(1000, 1, 0)).as("time is up").isEqualTo("0 0");
        assertThat(select(-1, 1, 3)).as("ready to send").isEqualTo("0 3");
        assertFails(Errno.EINVAL, () -> select(0, 4, 0));
        try (var sender = new Sender()) {
            sender.send(Frames.of(OTHER, 60, 1));
        }
        assertThat(select(-1, 1, 0)).isEqualTo("1 0");
        cards.transmitRings(200, 1);
        assertThat(select(1000, 0, 1)).as("less than 256 free").isEqualTo("0 0");
    }

    private String select(long micros, int rx, int tx) throws CallFailedException {
        MemorySegment event = arena.allocate(Ps.EVENT, 8);
        event.set(JAVA_LONG, Ps.EVENT_TIMEOUT, micros);
        event.set(JAVA_SHORT, Ps.EVENT_RX, (short) rx);
        event.set(JAVA_SHORT, Ps.EVENT_TX, (short) tx);
        assertThat(handle.call("SELECT", Ps.SELECT, event)).isEqualTo(1);
        return event.get(JAVA_SHORT, Ps.EVENT_RX) + " " + event.get(JAVA_SHORT, Ps.EVENT_TX);
    }

    /** A chunk to receive this many packets at this address. */
    private MemorySegment chunk(long address, int count) {
        MemorySegment chunk = arena.allocate(Ps.CHUNK, 8);
        chunk.set(JAVA_INT, Ps.CHUNK_COUNT, count);
        chunk.set(
                JAVA_LONG,
                Ps.CHUNK_INFO,
                arena.allocate((long) Ps.MAX_CHUNK_SIZE * Ps.INFO, 8).address());
        chunk.set(JAVA_LONG, Ps.CHUNK_BUFFER, address);
        return chunk;
    }

    /** Sends frames of 60 zeroes on xge1. */
    private int sendBuf(long address, int count, int nextToSend) throws CallFailedException {
        MemorySegment info = arena.allocate((long) Ps.MAX_CHUNK_SIZE * Ps.INFO, 8);
        for (int i = 0; i < Ps.MAX_CHUNK_SIZE; i++) {
            info.set(JAVA_SHORT, (long) i * Ps.INFO + Ps.INFO_LENGTH, (short) 60);
        }
        MemorySegment chunk = arena.allocate(Ps.SEND, 8);
        chunk.set(JAVA_SHORT, Ps.SEND_COUNT, (short) count);
        chunk.set(JAVA_SHORT, Ps.SEND_NEXT_TO_SEND, (short) nextToSend);
        chunk.set(JAVA_INT, Ps.SEND_IFINDEX, 1);
        chunk.set(JAVA_LONG, Ps.SEND_INFO, info.address());
        chunk.set(JAVA_LONG, Ps.SEND_BUFFER, address);
        return handle.call("SEND_CHUNK_BUF", Ps.SEND_CHUNK_BUF, chunk);
    }

    private MemorySegment queue(int ifindex, int qidx) {
        MemorySegment queue = arena.allocate(Ps.QUEUE, 8);
        queue.set(JAVA_INT, Ps.QUEUE_IFINDEX, ifindex);
        queue.set(JAVA_INT, Ps.QUEUE_QIDX, qidx);
        return queue;
    }

    private void detach(Handle from, int ifindex, int qidx) throws CallFailedException {
        from.call("DETACH", Ps.DETACH_RX_DEVICE, queue(ifindex, qidx));
    }

    private static void assertFails(int errno, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CallFailedException.class,
                        failure -> assertThat(failure.errno()).isEqualTo(errno));
    }

    /** Sends on xge1 by SEND_CHUNK, a frame at a time. */
    private static final class Sender implements AutoCloseable {

        private final Handle handle = Handle.open();
        private final MemorySegment memory = handle.mapChunk();
        private final MemorySegment info = Arena.ofAuto().allocate(Ps.INFO, 8);
        private final MemorySegment chunk = Arena.ofAuto().allocate(Ps.CHUNK, 8);

        Sender() throws CallFailedException {
            chunk.set(JAVA_INT, Ps.CHUNK_COUNT, 1);
            chunk.set(JAVA_INT, Ps.CHUNK_IFINDEX, 1);
            chunk.set(JAVA_LONG, Ps.CHUNK_INFO, info.address());
            chunk.set(JAVA_LONG, Ps.CHUNK_BUFFER, memory.address());
        }

        void send(byte[] frame) throws CallFailedException {
            MemorySegment.copy(frame, 0, memory, JAVA_BYTE, 0, frame.length);
            info.set(JAVA_SHORT, Ps.INFO_LENGTH, (short) frame.length);
            assertThat(handle.call("SEND_CHUNK", Ps.SEND_CHUNK, chunk)).isEqualTo(1);
        }

        @Override
        public void close() {
            handle.close();
        }
    }
}
