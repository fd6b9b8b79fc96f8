package dev.jmtcp.packetdrill.run;

import dev.jmtcp.packetdrill.script.TcpFlags;
import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.Offload;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Port;
import dev.jmtcp.spi.PortStatistics;
import dev.jmtcp.spi.TxOffload;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The wire between the stack and a script: one port, IP packets in and out. Belongs to the thread of the script. */
final class Wire implements PacketIo, PacketQueue {

    static final MacAddress STACK = new MacAddress(0x02_00_00_00_00_01L);
    static final MacAddress GATEWAY = new MacAddress(0x02_00_00_00_00_02L);

    private static final int ETHERNET = 14;
    private static final int TYPE_OFFSET = 12;
    private static final int IPV4 = 0x0800;
    private static final int IP_HEADER = 20;
    private static final int TCP = 6;
    private static final int LARGEST = 65_535 + ETHERNET;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment transmit;
    private final MemorySegment receive;
    private final Port port;
    private final Queue<List<byte[]>> toStack = new ArrayDeque<>();
    private final Queue<byte[]> fromStack = new ArrayDeque<>();
    private long received;
    private long receivedBytes;
    private long sent;
    private long sentBytes;

    /**
     * A wire.
     *
     * @param segmentation whether the device cuts segments
     */
    Wire(int mtu, boolean segmentation) {
        var capabilities = segmentation
                ? new Capabilities(
                        Set.of(Offload.TX_IPV4_CHECKSUM, Offload.TX_TCP_CHECKSUM, Offload.TCP_SEGMENTATION),
                        1,
                        LARGEST,
                        Optional.empty())
                : Capabilities.NONE;
        port = new Port(0, "script", STACK, mtu, 0, capabilities);
        transmit = arena.allocate(segmentation ? LARGEST : mtu + ETHERNET, 64);
        receive = arena.allocate(2L * LARGEST, 64);
    }

    /** Gives the stack IP packets that come in one burst, with its next step. */
    void deliver(List<byte[]> packets) {
        toStack.add(packets);
    }

    /** The next IP packet that the stack has sent, or null. */
    byte @Nullable [] take() {
        return fromStack.poll();
    }

    @Override
    public List<Port> ports() {
        return List.of(port);
    }

    @Override
    public PacketQueue queue(int core) {
        return this;
    }

    @Override
    public PortStatistics statistics(int port) {
        return new PortStatistics(received, receivedBytes, sent, sentBytes, java.util.Map.of());
    }

    /** One burst a turn: so the stack answers each before it sees the next, as it would if they came one by one. */
    @Override
    public int receive(int port, FrameBurst burst) {
        burst.begin(receive);
        List<byte[]> packets = toStack.poll();
        if (packets == null) {
            return 0;
        }
        int at = 0;
        for (byte[] packet : packets) {
            for (int i = 0; i < 6; i++) {
                receive.set(ValueLayout.JAVA_BYTE, at + i, (byte) (STACK.bits() >> 40 - 8 * i));
                receive.set(ValueLayout.JAVA_BYTE, at + 6 + i, (byte) (GATEWAY.bits() >> 40 - 8 * i));
            }
            receive.set(ValueLayout.JAVA_BYTE, at + TYPE_OFFSET, (byte) (IPV4 >> 8));
            receive.set(ValueLayout.JAVA_BYTE, at + TYPE_OFFSET + 1, (byte) IPV4);
            MemorySegment.copy(packet, 0, receive, ValueLayout.JAVA_BYTE, at + ETHERNET, packet.length);
            int length = ETHERNET + packet.length;
            burst.add(at, length, 0, 0);
            at += length;
            received++;
            receivedBytes += length;
        }
        return packets.size();
    }

    @Override
    public MemorySegment transmitMemory(int port) {
        return transmit;
    }

    @Override
    public long reserve(int port, int capacity) {
        if (capacity < 1 || capacity > transmit.byteSize()) {
            throw new IllegalArgumentException("capacity " + capacity + ", expected 1 to " + transmit.byteSize());
        }
        return 0;
    }

    @Override
    public void commit(int port, int length, long offload) {
        sent++;
        sentBytes += length;
        int type = (transmit.get(ValueLayout.JAVA_BYTE, TYPE_OFFSET) & 0xff) << 8
                | transmit.get(ValueLayout.JAVA_BYTE, TYPE_OFFSET + 1) & 0xff;
        if (type == IPV4) { // what else there is, ARP, is of no interest to a script
            byte[] packet = transmit.asSlice(ETHERNET, length - ETHERNET).toArray(ValueLayout.JAVA_BYTE);
            if (offload != TxOffload.NONE) {
                checksums(packet);
            }
            int size = TxOffload.segmentSize(offload);
            if (size > 0) {
                cut(packet, size);
            } else {
                fromStack.add(packet);
            }
        }
    }

    /** A frame that the device is to cut, as it leaves. */
    private void cut(byte[] packet, int size) {
        int header = IP_HEADER + (Bytes.u8(packet, IP_HEADER + 12) >> 4) * 4;
        int flags = Bytes.u8(packet, IP_HEADER + 13);
        int seq = Bytes.u32(packet, IP_HEADER + 4);
        for (int at = header; at < packet.length; at += size) {
            int end = Math.min(at + size, packet.length);
            byte[] part = new byte[header + end - at];
            System.arraycopy(packet, 0, part, 0, header);
            System.arraycopy(packet, at, part, header, end - at);
            int first = at == header ? 0 : TcpFlags.CWR;
            int last = end == packet.length ? 0 : TcpFlags.FIN | TcpFlags.PSH;
            Bytes.put16(part, 2, part.length);
            Bytes.put32(part, IP_HEADER + 4, seq + at - header);
            Bytes.put8(part, IP_HEADER + 13, flags & ~(first | last));
            checksums(part);
            fromStack.add(part);
        }
    }

    /** What the stack leaves to the device. */
    private static void checksums(byte[] packet) {
        Bytes.put16(packet, 10, 0);
        Bytes.put16(packet, 10, Bytes.checksum(Bytes.sum(packet, 0, IP_HEADER)));
        if (Bytes.u8(packet, 9) == TCP) {
            Bytes.put16(packet, IP_HEADER + 16, 0);
            long pseudo = Bytes.pseudoHeader(packet, TCP, packet.length - IP_HEADER);
            Bytes.put16(packet, IP_HEADER + 16, Bytes.checksum(pseudo + Bytes.sum(packet, IP_HEADER, packet.length)));
        }
    }

    @Override
    public int flush() {
        return 0;
    }

    @Override
    public void await(long timeoutNanos) {
        // Time is virtual: nobody rests.
    }

    @Override
    public void wakeup() {
        // Nobody rests.
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
