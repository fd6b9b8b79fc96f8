package dev.jmtcp.driver.tap;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Takes a right from the calling thread, until it is closed: capget(2), capset(2). */
final class Capability implements AutoCloseable {

    static final int NET_ADMIN = Machine.CAP_NET_ADMIN;
    static final int BPF = 39;
    static final int SYS_ADMIN = 21;

    private static final int VERSION_3 = 0x20080522;
    private static final boolean AMD64 = System.getProperty("os.arch").equals("amd64");
    private static final int CAPGET = AMD64 ? 125 : 90;
    private static final int CAPSET = AMD64 ? 126 : 91;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment header = arena.allocate(8, 8);

    /** Twice effective, permitted, inheritable: the lower and the upper 32. */
    private final MemorySegment before = arena.allocate(24, 8);

    private Capability() {
        header.set(JAVA_INT, 0, VERSION_3);
        call(CAPGET, before);
    }

    static Capability without(int... rights) {
        var capability = new Capability();
        MemorySegment less = capability.arena.allocate(24, 8).copyFrom(capability.before);
        for (int right : rights) {
            long effective = right / 32 * 12L;
            less.set(JAVA_INT, effective, less.get(JAVA_INT, effective) & ~(1 << right % 32));
        }
        capability.call(CAPSET, less);
        return capability;
    }

    private void call(int number, MemorySegment data) {
        MemorySegment state = Libc.errnoMemory(arena);
        assertThat(Libc.syscall(state, number, header.address(), data.address(), 0))
                .as("capget or capset")
                .isZero();
    }

    @Override
    public void close() {
        call(CAPSET, before);
    }
}
