package dev.jmtcp.core.tcp;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.core.wire.TcpOptions;
import java.lang.foreign.MemorySegment;

/**
 * SYN cookies (RFC 4987 section 3.6): a SYN is answered without keeping anything of it. What must be known when the answer is acknowledged lies in its
 * sequence number, and what other options the peer has offered in its timestamp; a peer without timestamps goes without them.
 *
 * <pre>
 *   sequence number = hash of addresses and ports + the peer's + | period:5 | MSS:3 | keyed hash of all:24 |
 *   timestamp       = | the clock:26 | ECN:1 | SACK:1 | window scale:4, 15 for none |
 * </pre>
 *
 * <p>Who does not see the answer must guess: one try of some 2^28 succeeds. A cookie is good for 64 to 128 s.
 */
final class SynCookies {

    /** How long a period lasts, in nanoseconds; the present and the last one count. */
    static final long PERIOD = 64_000_000_000L;

    /** The sizes that can be remembered; a peer's is rounded down. */
    private static final int[] SIZES = {Handshake.LEAST_MSS, 256, 536, 1220, 1400, 1440, 1460, 8960};

    private static final int OPTION_BITS = 0x3f;
    private static final int SCALE = 0x0f;
    private static final int SACK = 0x10;
    private static final int ECN = 0x20;

    private final Tcp tcp;
    private final IsnGenerator isns;

    SynCookies(Tcp tcp, IsnGenerator isns) {
        this.tcp = tcp;
        this.isns = isns;
    }

    /** Whether the next SYN for a listener is to be answered so. */
    boolean areDue(Listener listener) {
        return switch (tcp.settings.synCookies()) {
            case OFF -> false;
            case ON -> listener.halfOpen.size() >= listener.backlog;
            case ALWAYS -> true;
        };
    }

    /** Answers a SYN; if there is no room for that, the peer will send it again. */
    void answer(Listener listener, Segment s, Path path) {
        TcpSettings settings = tcp.settings;
        Network network = tcp.network;
        TcpOptions offered = s.options;
        boolean timestamps = settings.timestamps() && offered.timestampPresent;
        boolean scaling = timestamps && settings.windowScaling() && offered.windowScale >= 0;
        boolean sack = timestamps && settings.sack() && offered.sackPermitted;
        boolean ecn = timestamps && tcp.ecn.isAskedFor(s);
        int headerLength = TcpHeader.MIN_LENGTH + TcpOptions.synLength(true, scaling, sack, timestamps);
        long at = network.reserveQueued(path, headerLength);
        if (at < 0) {
            tcp.counters.add(Counter.TX_RING_FULL);
            return;
        }
        ConnectionOptions options = listener.options;
        MemorySegment memory = network.memory(path);
        int flags = TcpHeader.SYN | TcpHeader.ACK | (ecn ? TcpHeader.ECE : 0);
        int localPort = s.destinationPort;
        int remotePort = s.sourcePort;
        TcpHeader.write(
                memory,
                at,
                localPort,
                remotePort,
                cookie(s),
                s.seq + 1,
                headerLength,
                flags,
                SegmentWriter.synWindow(options));
        int bits = (scaling ? offered.windowScale : SCALE) | (sack ? SACK : 0) | (ecn ? ECN : 0);
        SegmentWriter.synOptions(
                tcp.settings.personality(),
                memory,
                at + TcpHeader.MIN_LENGTH,
                Handshake.announcedMss(options, path),
                scaling ? tcp.handshake.windowShift(options) : -1,
                sack,
                timestamps,
                timestamp(s, bits),
                offered.tsVal);
        network.commit(
                path,
                s.destinationHigh,
                s.destinationLow,
                s.sourceHigh,
                s.sourceLow,
                headerLength,
                options.trafficClass,
                options.hopLimit,
                0);
        listener.cookiesUntil = tcp.now + 2 * PERIOD;
        tcp.counters.add(Counter.TCP_SEGMENTS_OUT);
        tcp.counters.add(Counter.TCP_COOKIES_SENT);
    }

    /**
     * Whether an ACK acknowledges a cookie. If so, its options become those of the SYN that the cookie was for.
     *
     * @return false too if none has been sent of late for the listener
     */
    boolean recall(Listener listener, Segment s) {
        if (tcp.now >= listener.cookiesUntil) {
            return false;
        }
        int peers = s.seq - 1;
        long addresses = addresses(s);
        int value = s.ack - 1 - (int) addresses - peers;
        long now = Math.floorDiv(tcp.now, PERIOD);
        long age = now - (value >>> 27) & 31;
        int size = value >>> 24 & 7;
        if (age > 1 || (value & 0xff_ffff) != check(addresses, peers, now - age, size)) {
            return false;
        }
        TcpOptions options = s.options;
        options.mss = SIZES[size];
        int bits = bits(s);
        options.windowScale = (bits & SCALE) == SCALE ? -1 : bits & SCALE;
        options.sackPermitted = (bits & SACK) != 0;
        return true;
    }

    /** Whether the SYN of a cookie just recalled has asked for explicit congestion notification, and got it. */
    boolean recallsEcn(Segment s) {
        return tcp.settings.ecn() != TcpSettings.Ecn.OFF && (bits(s) & ECN) != 0;
    }

    private int bits(Segment s) {
        return tcp.settings.timestamps() && s.options.timestampPresent ? s.options.tsEcr & OPTION_BITS : SCALE;
    }

    private int cookie(Segment s) {
        int mss = s.options.mss < 0 ? Handshake.defaultMss(s.sourceHigh, s.sourceLow) : s.options.mss;
        int size = SIZES.length - 1;
        while (size > 0 && SIZES[size] > mss) {
            size--;
        }
        long period = Math.floorDiv(tcp.now, PERIOD);
        long addresses = addresses(s);
        int value = (int) period << 27 | size << 24 | check(addresses, s.seq, period, size);
        return (int) addresses + s.seq + value;
    }

    private int check(long addresses, int peers, long period, int size) {
        return (int) isns.keyed(addresses, Integer.toUnsignedLong(peers) << 3 | size, period) & 0xff_ffff;
    }

    private long addresses(Segment s) {
        return isns.keyed(
                s.destinationHigh, s.destinationLow, s.destinationPort, s.sourceHigh, s.sourceLow, s.sourcePort);
    }

    /** The timestamp clock of the connection to be, with the low bits as given; not later than it is. */
    private int timestamp(Segment s, int bits) {
        int now = (int) (tcp.now / Timestamps.TICK)
                + IsnGenerator.timestampOffset(isns.secret(
                        s.destinationHigh,
                        s.destinationLow,
                        s.destinationPort,
                        s.sourceHigh,
                        s.sourceLow,
                        s.sourcePort));
        int stamp = now & ~OPTION_BITS | bits;
        return Seq.greaterThan(stamp, now) ? stamp - OPTION_BITS - 1 : stamp;
    }
}
