package dev.jmtcp.core.tcp;

import org.jspecify.annotations.Nullable;

/** A RST to be sent: all that is in it. Reused, see {@link Replies}. */
final class Reset {

    @Nullable
    Path path;

    long localHigh;
    long localLow;
    long remoteHigh;
    long remoteLow;
    int localPort;
    int remotePort;
    int seq;
    int ack;
    int flags;
    int trafficClass;
    int hopLimit;

    /** Whether it carries timestamps, with an offset of the clock and an echo. */
    boolean timestamps;

    int tsOffset;
    int tsEcr;
}
