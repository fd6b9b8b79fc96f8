package dev.jmtcp.bench;

import dev.jmtcp.bench.kernel.NioLoop;
import dev.jmtcp.bench.kernel.NioThreads;
import dev.jmtcp.bench.load.Load;
import dev.jmtcp.bench.netty.NettyContestant;
import dev.jmtcp.bench.netty.Transport;
import dev.jmtcp.bench.race.Race;
import java.util.ArrayList;
import java.util.List;

/** Whom jmtcp is measured against. */
enum Peer {
    /** The kernel's TCP by NIO. */
    KERNEL_NIO("kernel-nio"),

    /** The same with a thread for each end. */
    KERNEL_NIO_THREADS("kernel-nio-threads"),

    /** The kernel's TCP by Netty, the better of its two transports. */
    KERNEL_NETTY("kernel-netty"),

    NONE("none");

    /** Files besides those of connections. */
    private static final int OTHER_FILES = 500;

    private final String label;

    Peer(String label) {
        this.label = label;
    }

    /** The contestants that stand for it. */
    List<Race.Entry> entries(Load load) {
        List<Race.Entry> entries = new ArrayList<>();
        switch (this) {
            case KERNEL_NIO -> entries.add(() -> NioLoop.of(load));
            case KERNEL_NIO_THREADS -> entries.add(() -> NioThreads.of(load));
            case KERNEL_NETTY -> {
                for (Transport transport : Transport.values()) {
                    if (transport.isAvailable()) {
                        entries.add(() -> NettyContestant.of(transport, load));
                    }
                }
            }
            case NONE -> {}
        }
        return entries;
    }

    /** Why it cannot do a kind of work here; empty if it can. */
    String obstacle(Load load) {
        long connections = switch (load) {
            case Load.Transactions(int atOnce) -> atOnce;
            case Load.PingPong(int busy, int idle) -> busy + idle;
            case Load.Paced(int busy) -> busy;
            case Load.Idle(int all) -> all;
            case Load.Bulk(int streams, int _) -> streams;
        };
        if (load instanceof Load.Paced) {
            switch (this) {
                case KERNEL_NETTY -> {
                    return "an event loop has no timer that is fine enough";
                }
                case KERNEL_NIO_THREADS -> {
                    return "times to answer are taken with both ends on one thread";
                }
                case KERNEL_NIO, NONE -> {}
            }
        }
        if (this != NONE && load instanceof Load.PingPong(int _, int idle) && idle > 0) {
            return "idle connections are opened by jmtcp alone";
        }
        long files = 2 * connections + OTHER_FILES;
        long most = Machine.openFiles();
        return this == NONE || files <= most
                ? ""
                : "needs %,d open files, and may have %,d (ulimit -n)".formatted(files, most);
    }

    @Override
    public String toString() {
        return label;
    }
}
