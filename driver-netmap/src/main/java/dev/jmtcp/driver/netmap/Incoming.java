package dev.jmtcp.driver.netmap;

import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.Tally;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Frames from a port, on one core's rings. Belongs to the queue's thread, but for the counters. */
final class Incoming {

    /** Room for bursts of frames that lie in several slots. */
    static final long ROOM = 1 << 20;

    private final int fd;
    private final MemorySegment state = Libc.errnoMemory(Arena.ofAuto());
    private final MemorySegment memory;
    private final RxRing[] rings;
    private final Room room;

    /** The ring to begin with, in turn. */
    private int first;

    private final Tally packets = new Tally();
    private final Tally bytes = new Tally();

    /** @param room of {@link #ROOM} bytes, where frames in several slots are put together */
    Incoming(int fd, MemorySegment memory, List<RxRing> rings, Room room) {
        this.fd = fd;
        this.memory = memory;
        this.rings = rings.toArray(RxRing[]::new);
        this.room = room;
    }

    /**
     * Gives back the frames of the burst before and takes what has come.
     *
     * @return 0, or why the module could not be asked: a number of {@link Errno}
     */
    int receive(FrameBurst burst) {
        burst.begin(memory);
        room.clear();
        boolean empty = true;
        boolean owed = false;
        for (RxRing ring : rings) {
            ring.giveBack();
            empty &= ring.isEmpty();
            owed |= ring.isOwed();
        }
        if (empty || owed) {
            if (Libc.ioctl(state, fd, Netmap.NIOCRXSYNC, 0) != 0) {
                return Libc.errno(state);
            }
            for (RxRing ring : rings) {
                ring.synced();
            }
        }
        long taken = 0;
        int index = first;
        for (int i = 0; i < rings.length; i++) {
            taken += rings[index].take(burst, room);
            index = index + 1 == rings.length ? 0 : index + 1;
        }
        first = first + 1 == rings.length ? 0 : first + 1;
        if (burst.count() > 0) {
            packets.add(burst.count());
            bytes.add(taken);
        }
        return 0;
    }

    long packets() {
        return packets.value();
    }

    long bytes() {
        return bytes.value();
    }

    long malformed() {
        long count = 0;
        for (RxRing ring : rings) {
            count += ring.malformed();
        }
        return count;
    }
}
