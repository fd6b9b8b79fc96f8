package dev.jmtcp.core.tcp;

/**
 * The tunables of TCP that hold for a whole stack. Times in nanoseconds, sizes in bytes.
 *
 * @param receiveBuffer how much a connection may hold that the application has not read: the largest window
 * @param sendBuffer how much a connection may hold that the peer has not acknowledged
 * @param maxConnections the most connections of this stack at once, those in TIME-WAIT included
 * @param congestionControl {@code cubic} or {@code newreno}
 * @param initialWindow the initial window in segments (RFC 6928)
 * @param windowScaling whether to offer the window scale option (RFC 7323 section 2)
 * @param timestamps whether to offer timestamps (RFC 7323 section 3)
 * @param sack whether to offer selective acknowledgments (RFC 2018)
 * @param rack whether losses are found by time where SACK was agreed upon (RFC 8985); else by what is acknowledged above (RFC 6675)
 * @param tailLossProbe whether a probe is sent where the acknowledgment of the last segments stays away (RFC 8985 section 7); needs {@code rack}
 * @param frto whether timeouts are examined for being spurious (RFC 5682)
 * @param restartAfterIdle whether the window restarts small after a time without sending (RFC 5681 section 4.1)
 * @param hyStart whether the first slow start ends when round trips grow longer (RFC 9406)
 * @param noDelay whether new connections have Nagle's algorithm off
 * @param delayedAck how long an ACK may wait for company; 0 acknowledges at once (RFC 9293 section 3.8.6.3: below 0.5 s)
 * @param minRto the smallest retransmission timeout
 * @param maxRto the largest
 * @param initialRto the first, before any measurement (RFC 6298 section 2.1)
 * @param retries how often a segment is sent again before the connection is given up (R2 of RFC 9293 section 3.8.3)
 * @param synRetries the same for a SYN
 * @param synAckRetries the same for a SYN-ACK
 * @param timeWait how long TIME-WAIT lasts; 0 skips it
 * @param finTimeout how long a connection that its application has closed waits in FIN-WAIT-2 for the peer's FIN
 * @param idleTimeout a connection on which nothing arrives or leaves for so long is dropped (mTCP's {@code tcp_timeout}); negative: never
 * @param keepAlive whether new connections have keep-alive on
 * @param keepAliveIdle how long nothing must have arrived before the first probe
 * @param keepAliveInterval the time between probes
 * @param keepAliveProbes how many probes go unanswered before the connection is given up
 * @param hopLimit the TTL of segments
 * @param portLow the first ephemeral port
 * @param portHigh the last ephemeral port
 * @param challengeAcksPerSecond the most challenge ACKs a second (RFC 5961 section 7)
 * @param strictResets whether a RST counts only at the exact left edge of the window (RFC 5961 section 3, optional by RFC 9293 section 3.10.7.4); else anywhere
 *     in it
 * @param strictSyns whether a SYN never ends a connection (RFC 5961 section 4, optional as well); else one in the window does
 * @param ecn who may begin explicit congestion notification (RFC 3168)
 * @param synCookies when a SYN is answered without keeping anything of it (RFC 4987 section 3.6)
 * @param windowScale the shift of windows to offer; negative for the one with which the whole receive buffer can be announced
 * @param leastBurst with {@link Personality#LINUX}: how many segments a frame has at least that the device cuts, if the window has room
 * @param personality whose habits the stack has
 */
public record TcpSettings(
        int receiveBuffer,
        int sendBuffer,
        int maxConnections,
        String congestionControl,
        int initialWindow,
        boolean windowScaling,
        boolean timestamps,
        boolean sack,
        boolean rack,
        boolean tailLossProbe,
        boolean frto,
        boolean restartAfterIdle,
        boolean hyStart,
        boolean noDelay,
        long delayedAck,
        long minRto,
        long maxRto,
        long initialRto,
        int retries,
        int synRetries,
        int synAckRetries,
        long timeWait,
        long finTimeout,
        long idleTimeout,
        boolean keepAlive,
        long keepAliveIdle,
        long keepAliveInterval,
        int keepAliveProbes,
        int hopLimit,
        int portLow,
        int portHigh,
        int challengeAcksPerSecond,
        boolean strictResets,
        boolean strictSyns,
        Ecn ecn,
        SynCookies synCookies,
        int windowScale,
        int leastBurst,
        Personality personality) {

    /** Explicit congestion notification; as Linux's tcp_ecn 0, 2 and 1. */
    public enum Ecn {
        /** Never. */
        OFF,
        /** If the peer asks for it. */
        ACCEPT,
        /** Also asked for. */
        ON
    }

    /** SYN cookies; as Linux's tcp_syncookies 0, 1 and 2. */
    public enum SynCookies {
        /** Never: the oldest handshake makes room for a new one. */
        OFF,
        /** While a listener has as many handshakes under way as it may. */
        ON,
        /** For each SYN. */
        ALWAYS
    }

    private static final long MILLISECOND = 1_000_000;
    private static final long SECOND = 1_000 * MILLISECOND;

    /** What holds where nothing else is said. */
    public static final TcpSettings DEFAULTS = new TcpSettings(
            256 << 10,
            256 << 10,
            10_000,
            "cubic",
            10,
            true,
            true,
            true,
            true,
            true,
            true,
            true,
            true,
            false,
            40 * MILLISECOND,
            200 * MILLISECOND,
            120 * SECOND,
            SECOND,
            15, // with a doubling RTO from 200 ms: 924 s; RFC 9293 section 3.8.3, SHLD-11: at least 100 s
            7, // with a doubling RTO from 1 s: 255 s; RFC 9293 section 3.8.3, MUST-23: at least 180 s
            5,
            60 * SECOND,
            60 * SECOND,
            -1,
            false,
            7200 * SECOND, // RFC 9293 section 3.8.4, MUST-28: at least two hours
            75 * SECOND,
            9,
            64,
            32_768,
            60_999,
            1000,
            true,
            true,
            Ecn.ACCEPT,
            SynCookies.ON,
            -1,
            2,
            Personality.PLAIN);

    /**
     * Checks what the engine relies on.
     *
     * @throws IllegalArgumentException if the retransmission timeouts contradict each other, or a buffer has no room
     */
    public TcpSettings {
        if (minRto < 1 || initialRto < minRto || maxRto < initialRto || maxRto > 120 * SECOND) {
            throw new IllegalArgumentException("retransmission timeouts of " + minRto + " ns at least, " + initialRto
                    + " ns at first and " + maxRto + " ns at most");
        }
        if (receiveBuffer < 1 || sendBuffer < 1) {
            throw new IllegalArgumentException("buffers of " + receiveBuffer + " and " + sendBuffer + " bytes");
        }
    }

    /** A builder that starts from these values. */
    public Builder with() {
        return new Builder(this);
    }

    /** Changes some values of a {@link TcpSettings}. */
    public static final class Builder {
        private int receiveBuffer;
        private int sendBuffer;
        private int maxConnections;
        private String congestionControl;
        private int initialWindow;
        private boolean windowScaling;
        private boolean timestamps;
        private boolean sack;
        private boolean rack;
        private boolean tailLossProbe;
        private boolean frto;
        private boolean restartAfterIdle;
        private boolean hyStart;
        private boolean noDelay;
        private long delayedAck;
        private long minRto;
        private long maxRto;
        private long initialRto;
        private int retries;
        private int synRetries;
        private int synAckRetries;
        private long timeWait;
        private long finTimeout;
        private long idleTimeout;
        private boolean keepAlive;
        private long keepAliveIdle;
        private long keepAliveInterval;
        private int keepAliveProbes;
        private int hopLimit;
        private int portLow;
        private int portHigh;
        private int challengeAcksPerSecond;
        private boolean strictResets;
        private boolean strictSyns;
        private Ecn ecn;
        private SynCookies synCookies;
        private int windowScale;
        private int leastBurst;
        private Personality personality;

        private Builder(TcpSettings from) {
            receiveBuffer = from.receiveBuffer;
            sendBuffer = from.sendBuffer;
            maxConnections = from.maxConnections;
            congestionControl = from.congestionControl;
            initialWindow = from.initialWindow;
            windowScaling = from.windowScaling;
            timestamps = from.timestamps;
            sack = from.sack;
            rack = from.rack;
            tailLossProbe = from.tailLossProbe;
            frto = from.frto;
            restartAfterIdle = from.restartAfterIdle;
            hyStart = from.hyStart;
            noDelay = from.noDelay;
            delayedAck = from.delayedAck;
            minRto = from.minRto;
            maxRto = from.maxRto;
            initialRto = from.initialRto;
            retries = from.retries;
            synRetries = from.synRetries;
            synAckRetries = from.synAckRetries;
            timeWait = from.timeWait;
            finTimeout = from.finTimeout;
            idleTimeout = from.idleTimeout;
            keepAlive = from.keepAlive;
            keepAliveIdle = from.keepAliveIdle;
            keepAliveInterval = from.keepAliveInterval;
            keepAliveProbes = from.keepAliveProbes;
            hopLimit = from.hopLimit;
            portLow = from.portLow;
            portHigh = from.portHigh;
            challengeAcksPerSecond = from.challengeAcksPerSecond;
            strictResets = from.strictResets;
            strictSyns = from.strictSyns;
            ecn = from.ecn;
            synCookies = from.synCookies;
            windowScale = from.windowScale;
            leastBurst = from.leastBurst;
            personality = from.personality;
        }

        public Builder receiveBuffer(int value) {
            receiveBuffer = value;
            return this;
        }

        public Builder sendBuffer(int value) {
            sendBuffer = value;
            return this;
        }

        public Builder maxConnections(int value) {
            maxConnections = value;
            return this;
        }

        public Builder congestionControl(String value) {
            congestionControl = value;
            return this;
        }

        public Builder initialWindow(int value) {
            initialWindow = value;
            return this;
        }

        public Builder windowScaling(boolean value) {
            windowScaling = value;
            return this;
        }

        public Builder timestamps(boolean value) {
            timestamps = value;
            return this;
        }

        public Builder sack(boolean value) {
            sack = value;
            return this;
        }

        public Builder rack(boolean value) {
            rack = value;
            return this;
        }

        public Builder tailLossProbe(boolean value) {
            tailLossProbe = value;
            return this;
        }

        public Builder frto(boolean value) {
            frto = value;
            return this;
        }

        public Builder restartAfterIdle(boolean value) {
            restartAfterIdle = value;
            return this;
        }

        public Builder hyStart(boolean value) {
            hyStart = value;
            return this;
        }

        public Builder noDelay(boolean value) {
            noDelay = value;
            return this;
        }

        public Builder delayedAck(long value) {
            delayedAck = value;
            return this;
        }

        public Builder minRto(long value) {
            minRto = value;
            return this;
        }

        public Builder maxRto(long value) {
            maxRto = value;
            return this;
        }

        public Builder initialRto(long value) {
            initialRto = value;
            return this;
        }

        public Builder retries(int value) {
            retries = value;
            return this;
        }

        public Builder synRetries(int value) {
            synRetries = value;
            return this;
        }

        public Builder synAckRetries(int value) {
            synAckRetries = value;
            return this;
        }

        public Builder timeWait(long value) {
            timeWait = value;
            return this;
        }

        public Builder finTimeout(long value) {
            finTimeout = value;
            return this;
        }

        public Builder idleTimeout(long value) {
            idleTimeout = value;
            return this;
        }

        public Builder keepAlive(boolean value) {
            keepAlive = value;
            return this;
        }

        public Builder keepAliveIdle(long value) {
            keepAliveIdle = value;
            return this;
        }

        public Builder keepAliveInterval(long value) {
            keepAliveInterval = value;
            return this;
        }

        public Builder keepAliveProbes(int value) {
            keepAliveProbes = value;
            return this;
        }

        public Builder hopLimit(int value) {
            hopLimit = value;
            return this;
        }

        public Builder portLow(int value) {
            portLow = value;
            return this;
        }

        public Builder portHigh(int value) {
            portHigh = value;
            return this;
        }

        public Builder challengeAcksPerSecond(int value) {
            challengeAcksPerSecond = value;
            return this;
        }

        public Builder strictResets(boolean value) {
            strictResets = value;
            return this;
        }

        public Builder strictSyns(boolean value) {
            strictSyns = value;
            return this;
        }

        public Builder ecn(Ecn value) {
            ecn = value;
            return this;
        }

        public Builder synCookies(SynCookies value) {
            synCookies = value;
            return this;
        }

        public Builder windowScale(int value) {
            windowScale = value;
            return this;
        }

        public Builder leastBurst(int value) {
            leastBurst = value;
            return this;
        }

        public Builder personality(Personality value) {
            personality = value;
            return this;
        }

        public TcpSettings build() {
            return new TcpSettings(
                    receiveBuffer,
                    sendBuffer,
                    maxConnections,
                    congestionControl,
                    initialWindow,
                    windowScaling,
                    timestamps,
                    sack,
                    rack,
                    tailLossProbe,
                    frto,
                    restartAfterIdle,
                    hyStart,
                    noDelay,
                    delayedAck,
                    minRto,
                    maxRto,
                    initialRto,
                    retries,
                    synRetries,
                    synAckRetries,
                    timeWait,
                    finTimeout,
                    idleTimeout,
                    keepAlive,
                    keepAliveIdle,
                    keepAliveInterval,
                    keepAliveProbes,
                    hopLimit,
                    portLow,
                    portHigh,
                    challengeAcksPerSecond,
                    strictResets,
                    strictSyns,
                    ecn,
                    synCookies,
                    windowScale,
                    leastBurst,
                    personality);
        }
    }
}
