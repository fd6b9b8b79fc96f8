package dev.jmtcp.core.tcp;

/**
 * The options of one connection or listener that an application can set. Mutable until it is given to the engine; shared from
 * then on, so that a change is made to a copy: see {@link Tcp#options(Connection, ConnectionOptions)}. Times in nanoseconds.
 */
public final class ConnectionOptions {

    /** SO_RCVBUF: the largest window. */
    public int receiveBuffer;

    /** SO_SNDBUF. */
    public int sendBuffer;

    /** TCP_NODELAY: Nagle's algorithm off (RFC 9293 section 3.7.4, MUST-17). */
    public boolean noDelay;

    /** TCP_CORK: only full segments leave. */
    public boolean cork;

    /** TCP_QUICKACK: no ACK is delayed. */
    public boolean quickAck;

    /** SO_KEEPALIVE. */
    public boolean keepAlive;

    /** TCP_KEEPIDLE. */
    public long keepAliveIdle;

    /** TCP_KEEPINTVL. */
    public long keepAliveInterval;

    /** TCP_KEEPCNT. */
    public int keepAliveProbes;

    /** SO_LINGER in nanoseconds: what close does with data not yet delivered; negative: close returns and delivery goes on; 0: abort. */
    public long linger = -1;

    /** TCP_USER_TIMEOUT: how long data may stay unacknowledged (RFC 9293 section 3.9.1, MUST-21); 0: the stack's retry count decides. */
    public long userTimeout;

    /** TCP_MAXSEG: an upper bound for the MSS announced and used; 0: none. */
    public int maxSegment;

    /** TCP_SYNCNT: how often a SYN is sent again. */
    public int synRetries;

    /** IP_TOS: DSCP (RFC 9293 section 3.9.2, MUST-48). */
    public int trafficClass;

    /** IP_TTL (MUST-49). */
    public int hopLimit;

    /** TCP_CONGESTION. */
    public String congestionControl;

    /** Those of a stack's settings. */
    ConnectionOptions(TcpSettings settings) {
        receiveBuffer = settings.receiveBuffer();
        sendBuffer = settings.sendBuffer();
        noDelay = settings.noDelay();
        keepAlive = settings.keepAlive();
        keepAliveIdle = settings.keepAliveIdle();
        keepAliveInterval = settings.keepAliveInterval();
        keepAliveProbes = settings.keepAliveProbes();
        synRetries = settings.synRetries();
        hopLimit = settings.hopLimit();
        congestionControl = settings.congestionControl();
    }

    /** A copy to be changed. */
    public ConnectionOptions(ConnectionOptions from) {
        receiveBuffer = from.receiveBuffer;
        sendBuffer = from.sendBuffer;
        noDelay = from.noDelay;
        cork = from.cork;
        quickAck = from.quickAck;
        keepAlive = from.keepAlive;
        keepAliveIdle = from.keepAliveIdle;
        keepAliveInterval = from.keepAliveInterval;
        keepAliveProbes = from.keepAliveProbes;
        linger = from.linger;
        userTimeout = from.userTimeout;
        maxSegment = from.maxSegment;
        synRetries = from.synRetries;
        trafficClass = from.trafficClass;
        hopLimit = from.hopLimit;
        congestionControl = from.congestionControl;
    }
}
