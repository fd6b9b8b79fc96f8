package dev.jmtcp.core.config;

/** A {@link TcpConfig} under construction; the initial values are the defaults. */
final class TcpDraft {

    static final int DEFAULT_BUFFER = 8192;

    private static final long MILLISECOND = 1_000_000;
    private static final long SECOND = 1000 * MILLISECOND;

    /** 0 for not given. */
    int receiveBuffer;

    int sendBuffer;
    long idleTimeout = 30 * SECOND;
    long timeWait;
    CongestionAlgorithm congestion = CongestionAlgorithm.CUBIC;
    int initialWindow = 10; // RFC 6928
    boolean sack = true;
    boolean rack = true;
    boolean tailLossProbe = true;
    boolean frto = true;
    boolean hyStart = true;
    boolean timestamps = true;
    boolean windowScaling = true;
    boolean nagle = true; // RFC 9293 section 3.7.4, SHLD-7
    long delayedAck = 40 * MILLISECOND; // RFC 9293 section 3.8.6.3: below 500 ms
    long initialRto = SECOND; // RFC 6298 section 2.1
    long minRto = 200 * MILLISECOND; // as Linux; RFC 6298 section 2.4 would have 1 s
    long maxRto = 120 * SECOND; // RFC 6298 section 2.5: at least 60 s
    int maxRetries = 16; // as mTCP
    int synRetries = 7; // as mTCP; RFC 9293 section 3.8.3, MUST-23: at least 180 s
    int synAckRetries = 5; // as Linux
    boolean keepalive; // RFC 9293 section 3.8.4: off by default
    long keepaliveTime = 7200 * SECOND; // RFC 9293 section 3.8.4: at least two hours
    long keepaliveInterval = 75 * SECOND;
    int keepaliveProbes = 9;
    long finWait2Timeout = 60 * SECOND;
    int challengeAcks = 1000; // RFC 5961 section 7
    EcnMode ecn = EcnMode.ACCEPT; // as Linux
    SynCookieMode synCookies = SynCookieMode.ON; // as Linux
    int hopLimit = 64;
    int firstLocalPort = 1025; // as mTCP
    int lastLocalPort = 65535;

    TcpDraft() {}

    TcpDraft(TcpConfig from) {
        receiveBuffer = from.receiveBuffer();
        sendBuffer = from.sendBuffer();
        idleTimeout = from.idleTimeout();
        timeWait = from.timeWait();
        congestion = from.congestion();
        initialWindow = from.initialWindow();
        sack = from.sack();
        rack = from.rack();
        tailLossProbe = from.tailLossProbe();
        frto = from.frto();
        hyStart = from.hyStart();
        timestamps = from.timestamps();
        windowScaling = from.windowScaling();
        nagle = from.nagle();
        delayedAck = from.delayedAck();
        initialRto = from.initialRto();
        minRto = from.minRto();
        maxRto = from.maxRto();
        maxRetries = from.maxRetries();
        synRetries = from.synRetries();
        synAckRetries = from.synAckRetries();
        keepalive = from.keepalive();
        keepaliveTime = from.keepaliveTime();
        keepaliveInterval = from.keepaliveInterval();
        keepaliveProbes = from.keepaliveProbes();
        finWait2Timeout = from.finWait2Timeout();
        challengeAcks = from.challengeAcks();
        ecn = from.ecn();
        synCookies = from.synCookies();
        hopLimit = from.hopLimit();
        firstLocalPort = from.firstLocalPort();
        lastLocalPort = from.lastLocalPort();
    }

    TcpConfig build() {
        if (minRto > maxRto) {
            throw new ConfigException("", 0, "min_rto", "longer than max_rto", "min_rto at most max_rto");
        }
        return new TcpConfig(
                bufferOr(receiveBuffer, sendBuffer),
                bufferOr(sendBuffer, receiveBuffer),
                idleTimeout,
                timeWait,
                congestion,
                initialWindow,
                sack,
                rack,
                tailLossProbe,
                frto,
                hyStart,
                timestamps,
                windowScaling,
                nagle,
                delayedAck,
                initialRto,
                minRto,
                maxRto,
                maxRetries,
                synRetries,
                synAckRetries,
                keepalive,
                keepaliveTime,
                keepaliveInterval,
                keepaliveProbes,
                finWait2Timeout,
                challengeAcks,
                ecn,
                synCookies,
                hopLimit,
                firstLocalPort,
                lastLocalPort);
    }

    /** mTCP: if one buffer's size is given, the other's equals it. */
    private static int bufferOr(int given, int other) {
        return given > 0 ? given : other > 0 ? other : DEFAULT_BUFFER;
    }
}
