package dev.jmtcp.driver.tap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.jmtcp.spi.Rss;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * Has the kernel spread flows over the queues of an interface as {@link Rss} says, by a program of eBPF. (By itself the kernel sends a flow where its frames last
 * came from, for some thousand flows and seconds, and others anywhere: no core could tell on which one an answer will arrive.)
 *
 * <p>The program hashes TCP over IPv4, without jumps on what it read, so that it is checked at once; all else goes to queue 0. Layouts are those of
 * linux/bpf.h.
 */
final class Steering {

    /** The redirection table's entries: the queues in turn. */
    static final int TABLE = 128;

    static final int BPF_PROG_LOAD = 5;
    static final int BPF_PROG_TYPE_SOCKET_FILTER = 1;

    /** Bytes of union bpf_attr that are used, and where its fields are. */
    static final int ATTRIBUTES = 48;

    static final int PROG_TYPE = 0;
    static final int INSN_CNT = 4;
    static final int INSNS = 8;
    static final int LICENSE = 16;

    static final int INSTRUCTION = 8;
    static final int OFFSET = 2;
    static final int IMMEDIATE = 4;

    static final int LD_ABS_BYTE = 0x30;
    static final int LD_ABS_HALF = 0x28;
    static final int LD_ABS_WORD = 0x20;
    static final int LD_IND_WORD = 0x40;
    static final int MOV_REGISTER = 0xbf;
    static final int MOV = 0xb7;
    static final int AND = 0x57;
    static final int XOR_REGISTER = 0xaf;
    static final int LEFT = 0x67;
    static final int RIGHT = 0x77;
    static final int MULTIPLY_INT = 0x24;
    static final int MODULO = 0x97;
    static final int JUMP_EQUAL = 0x15;
    static final int EXIT = 0x95;

    /** What was loaded last is in register 0; the context, as loads want it, in 6. */
    private static final int LOADED = 0;

    private static final int CONTEXT_GIVEN = 1;
    private static final int SCRATCH = 2;
    private static final int CONTEXT = 6;
    private static final int HASH = 7;
    private static final int IP_LENGTH = 8;

    private static final int ETHER_TYPE = 12;
    private static final int IP = 14;
    private static final int IP_FRAGMENT = IP + 6;
    private static final int IP_PROTOCOL = IP + 9;
    private static final int IP_SOURCE = IP + 12;
    private static final int IP_DESTINATION = IP + 16;

    private static final int ETHER_TYPE_IPV4 = 0x0800;
    private static final int PROTOCOL_TCP = 6;

    /** More fragments, or the offset of one that is not the first. */
    private static final int FRAGMENT = 0x3fff;

    private static final int MOST_INSTRUCTIONS = 1024;

    private final byte[] key;
    private final int queues;
    private final MemorySegment code;
    private int count;

    private Steering(byte[] key, int queues, Arena arena) {
        this.key = key;
        this.queues = queues;
        code = arena.allocate((long) MOST_INSTRUCTIONS * INSTRUCTION, 8);
    }

    /** What {@link #load} has the kernel do. */
    static Rss rss(byte[] key, int queues) {
        return Rss.roundRobin(key, TABLE, queues);
    }

    /**
     * Loads the program.
     *
     * @return the descriptor of it, to be given to {@link Tun#TUNSETSTEERINGEBPF} and closed
     * @throws CallFailedException if this kernel, or who runs this, cannot
     */
    static int load(byte[] key, int queues) throws CallFailedException {
        try (Arena arena = Arena.ofConfined()) {
            var steering = new Steering(key, queues, arena);
            steering.write();
            MemorySegment attributes = arena.allocate(ATTRIBUTES, 8);
            attributes.set(JAVA_INT, PROG_TYPE, BPF_PROG_TYPE_SOCKET_FILTER);
            attributes.set(JAVA_INT, INSN_CNT, steering.count);
            attributes.set(JAVA_LONG, INSNS, steering.code.address());
            attributes.set(JAVA_LONG, LICENSE, arena.allocateFrom("Apache-2.0").address());
            MemorySegment state = Libc.errnoMemory(arena);
            long fd = Libc.syscall(state, bpf(), BPF_PROG_LOAD, attributes.address(), ATTRIBUTES);
            if (fd < 0) {
                throw new CallFailedException("bpf(BPF_PROG_LOAD)", Libc.errno(state));
            }
            return (int) fd;
        }
    }

    /** The number of the system call: asm/unistd.h. */
    static int bpf() {
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> 321;
            case "aarch64", "riscv64", "loongarch64" -> 280;
            default -> -1; // no system call has this number
        };
    }

    private void write() {
        emit(MOV_REGISTER, CONTEXT, CONTEXT_GIVEN, 0);
        emit(LD_ABS_HALF, 0, 0, ETHER_TYPE);
        leaveUnless(ETHER_TYPE_IPV4);
        emit(LD_ABS_BYTE, 0, 0, IP_PROTOCOL);
        leaveUnless(PROTOCOL_TCP);
        emit(LD_ABS_HALF, 0, 0, IP_FRAGMENT);
        emit(AND, LOADED, 0, FRAGMENT);
        leaveUnless(0);
        emit(LD_ABS_BYTE, 0, 0, IP);
        emit(AND, LOADED, 0, 0xf);
        emit(LEFT, LOADED, 0, 2);
        emit(MOV_REGISTER, IP_LENGTH, LOADED, 0);
        emit(MOV, HASH, 0, 0);
        emit(LD_ABS_WORD, 0, 0, IP_SOURCE);
        hash(0);
        emit(LD_ABS_WORD, 0, 0, IP_DESTINATION);
        hash(32);
        emit(LD_IND_WORD, 0, IP_LENGTH, IP);
        hash(64);
        emit(MOV_REGISTER, LOADED, HASH, 0);
        emit(AND, LOADED, 0, TABLE - 1);
        emit(MODULO, LOADED, 0, queues);
        emit(EXIT, 0, 0, 0);
    }

    /** Adds 32 bits to the hash: for each that is set the 32 bits of the key from its place on. */
    private void hash(int place) {
        for (int bit = 0; bit < 32; bit++) {
            emit(MOV_REGISTER, SCRATCH, LOADED, 0);
            emit(RIGHT, SCRATCH, 0, 31 - bit);
            emit(AND, SCRATCH, 0, 1);
            emit(MULTIPLY_INT, SCRATCH, 0, keyFrom(place + bit));
            emit(XOR_REGISTER, HASH, SCRATCH, 0);
        }
    }

    private int keyFrom(int bit) {
        long octets = 0;
        for (int i = 0; i < 5; i++) {
            octets = octets << 8 | key[bit / 8 + i] & 0xff;
        }
        return (int) (octets >>> 8 - bit % 8);
    }

    /** Goes to queue 0 if something else was loaded. */
    private void leaveUnless(int value) {
        emit(JUMP_EQUAL, LOADED, 0, value);
        code.set(JAVA_SHORT, (long) (count - 1) * INSTRUCTION + OFFSET, (short) 2);
        emit(MOV, LOADED, 0, 0);
        emit(EXIT, 0, 0, 0);
    }

    private void emit(int operation, int destination, int source, int value) {
        long at = (long) count * INSTRUCTION;
        boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        code.set(JAVA_BYTE, at, (byte) operation);
        code.set(JAVA_BYTE, at + 1, (byte) (little ? source << 4 | destination : destination << 4 | source));
        code.set(JAVA_SHORT, at + OFFSET, (short) 0);
        code.set(JAVA_INT, at + IMMEDIATE, value);
        count++;
    }
}
