package dev.jmtcp.core.tcp;

/** What has happened to a connection since its user last looked: bits of {@link Connection#takeEvents()}. */
public final class Events {

    /** Data has arrived, or urgent data, or the end of the stream. */
    public static final int READABLE = 1;

    /** There is room in the send buffer again. */
    public static final int WRITABLE = 1 << 1;

    /** The handshake is done. */
    public static final int CONNECTED = 1 << 2;

    /** The peer has sent its FIN, and all before it has arrived. */
    public static final int PEER_CLOSED = 1 << 3;

    /** The connection has come to a bad end: see {@link Connection#error()}. */
    public static final int ERROR = 1 << 4;

    /** The connection is gone; nothing will happen to it any more. */
    public static final int CLOSED = 1 << 5;

    /** The urgent pointer has appeared or moved on (RFC 9293 section 3.8.5, MUST-32). */
    public static final int URGENT = 1 << 6;

    /** Everything handed over, and the FIN, has been acknowledged. */
    public static final int ALL_SENT = 1 << 7;

    private Events() {}
}
