package dev.jmtcp.core.link;

import dev.jmtcp.core.fuzz.Choices;
import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.Ethernet;
import dev.jmtcp.spi.RxFlags;
import java.time.Duration;
import java.util.List;

/** Frames of any content, on their way through Ethernet, ARP, IPv4, reassembly and ICMP up to where TCP hears of them. */
public final class FrameFuzz {

    private static final int MOST_FRAMES = 200;
    private static final int LONGEST = 1600;
    private static final int MOST_NEIGHBOURS = 1024;

    /** What becomes of a frame that arrives, if TCP does not hear of it and it is no fragment. */
    private static final List<Counter> FATES = List.copyOf(GarbageTest.FATES);

    private static final FakeQueue QUEUE = new FakeQueue(2, 1500);

    private FrameFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        var choices = new Choices(input);
        QUEUE.recording(false);
        Host host = Host.builder().queue(QUEUE).build().acquaint();
        for (int i = 0; i < MOST_FRAMES && !choices.isExhausted(); i++) {
            byte[] frame = new byte[choices.nextInt(LONGEST)];
            int kind = choices.nextInt(4);
            int flags = choices.nextBoolean() ? RxFlags.IP_CHECKSUM_GOOD | RxFlags.TCP_CHECKSUM_GOOD : 0;
            int pause = choices.nextInt(256);
            choices.nextBytes(frame);
            if (kind > 0) {
                int type = kind == 1 ? Ethernet.TYPE_ARP : Ethernet.TYPE_IPV4;
                byte[] header = Packets.ethernet(Host.OUR_MAC, Host.PEER_MAC, type, new byte[0]);
                System.arraycopy(header, 0, frame, 0, Math.min(header.length, frame.length));
            }
            receive(host, frame, flags);
            if (pause > 250) {
                host.advance(Duration.ofSeconds(pause - 250));
            }
        }
    }

    private static void receive(Host host, byte[] frame, int flags) {
        long fragments = host.counters.value(Counter.IP_FRAGMENTS_IN);
        long before = fates(host);
        host.receive(0, frame, flags);
        int heard = host.heard().size();
        if (host.counters.value(Counter.IP_FRAGMENTS_IN) == fragments && fates(host) - before + heard != 1) {
            throw new AssertionError("not one fate: " + host.news());
        }
        host.queue.flush();
        if (host.link.neighbourCount() > MOST_NEIGHBOURS || host.timers.size() > MOST_NEIGHBOURS + 1) {
            throw new AssertionError("neighbours " + host.link.neighbourCount() + ", timers " + host.timers.size());
        }
    }

    private static long fates(Host host) {
        long sum = 0;
        for (Counter counter : FATES) {
            sum += host.counters.value(counter);
        }
        return sum;
    }
}
