package dev.jmtcp.driver.tap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A TAP interface with its queues, each a file descriptor. For one thread at a time; to be closed, and then gone unless it is persistent.
 */
final class TapDevice implements AutoCloseable {

    /** linux/drivers/net/tun.c: MAX_TAP_QUEUES. */
    static final int MAX_QUEUES = 256;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment state = Libc.errnoMemory(arena);
    private final MemorySegment request = arena.allocate(Interface.IFREQ, 8);
    private final List<Integer> queues = new ArrayList<>();
    private boolean severalQueues;

    private TapDevice() {}

    /**
     * Opens an interface, which is made if there is none of that name.
     *
     * @param manyLater whether to make one that can have several queues, even if it is to have one now
     */
    static TapDevice open(String name, int queues, boolean manyLater) throws CallFailedException {
        var device = new TapDevice();
        boolean complete = false;
        try {
            // An interface that exists is opened the way it was made, or not at all.
            device.severalQueues = queues > 1 || manyLater;
            try {
                device.addQueue(name);
            } catch (CallFailedException e) {
                if (queues > 1 || e.errno() != Errno.EINVAL) {
                    throw e;
                }
                device.severalQueues = !device.severalQueues;
                device.addQueue(name);
            }
            while (device.queues.size() < queues) {
                device.addQueue(name);
            }
            complete = true;
            return device;
        } finally {
            if (!complete) {
                device.close();
            }
        }
    }

    private void addQueue(String name) throws CallFailedException {
        int fd = openFile(state);
        queues.add(fd);
        Interface.name(request, name);
        int flags = Tun.IFF_TAP | Tun.IFF_NO_PI | Tun.IFF_VNET_HDR | (severalQueues ? Tun.IFF_MULTI_QUEUE : 0);
        request.set(JAVA_SHORT, Interface.VALUE, (short) flags);
        try {
            call("TUNSETIFF", fd, Tun.TUNSETIFF, request.address());
        } catch (CallFailedException e) {
            Libc.close(queues.removeLast());
            throw e;
        }
    }

    /** Opens {@link Tun#DEVICE}. */
    static int openFile(MemorySegment state) throws CallFailedException {
        try (Arena path = Arena.ofConfined()) {
            int fd = Libc.open(
                    state, path.allocateFrom(Tun.DEVICE).address(), Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
            if (fd < 0) {
                throw new CallFailedException(Tun.DEVICE, Libc.errno(state));
            }
            return fd;
        }
    }

    /** Whether this interface can have several queues. */
    boolean canHaveSeveralQueues() {
        return severalQueues;
    }

    /** The file descriptor of a queue. */
    int queue(int index) {
        return queues.get(index);
    }

    /** The name that the interface has now: whoever may can give it another one. */
    String name() throws CallFailedException {
        request.fill((byte) 0);
        call("TUNGETIFF", queues.getFirst(), Tun.TUNGETIFF, request.address());
        int length = 0;
        while (length < Interface.NAME_LENGTH && request.get(JAVA_BYTE, length) != 0) {
            length++;
        }
        return new String(request.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.US_ASCII);
    }

    /**
     * Says what the kernel may hand over unfinished, and how it says so.
     *
     * @param wanted whether anything
     * @return whether it does; an old kernel may not
     */
    boolean setOffload(boolean wanted) throws CallFailedException {
        request.set(JAVA_INT, 0, VirtioNetHeader.LENGTH);
        call("TUNSETVNETHDRSZ", queues.getFirst(), Tun.TUNSETVNETHDRSZ, request.address());
        try {
            call("TUNSETOFFLOAD", queues.getFirst(), Tun.TUNSETOFFLOAD, wanted ? Tun.TUN_F_CSUM | Tun.TUN_F_TSO4 : 0);
            return wanted;
        } catch (CallFailedException e) {
            if (e.errno() == Errno.EINVAL) {
                return false;
            }
            throw e;
        }
    }

    void setPersistent() throws CallFailedException {
        call("TUNSETPERSIST", queues.getFirst(), Tun.TUNSETPERSIST, 1);
    }

    /**
     * Has a program choose the queue of each frame.
     *
     * @param program its descriptor; −1 for none
     */
    void setSteering(int program) throws CallFailedException {
        request.set(JAVA_INT, 0, program);
        call("TUNSETSTEERINGEBPF", queues.getFirst(), Tun.TUNSETSTEERINGEBPF, request.address());
    }

    private void call(String call, int fd, long number, long argument) throws CallFailedException {
        if (Libc.ioctl(state, fd, number, argument) != 0) {
            throw new CallFailedException(call, Libc.errno(state));
        }
    }

    @Override
    public void close() {
        queues.reversed().forEach(Libc::close);
        queues.clear();
    }
}
