package dev.jmtcp.core.config;

import java.util.Map;

/**
 * What can be chosen about TCP. Times are in nanoseconds, sizes in bytes.
 *
 * @param receiveBuffer the most received bytes a connection holds ({@code rcvbuf})
 * @param sendBuffer the most bytes to send that a connection holds ({@code sndbuf})
 * @param idleTimeout a connection without a segment for so long is closed; 0 for never ({@code tcp_timeout})
 * @param timeWait how long a connection stays in TIME-WAIT ({@code tcp_timewait})
 * @param congestion the congestion control of new connections ({@code cc})
 * @param initialWindow the congestion window at the start, in segments ({@code initial_window})
 * @param sack whether selective acknowledgements are offered and accepted ({@code sack})
 * @param rack whether losses are found by time ({@code recovery})
 * @param tailLossProbe whether lost tails are probed for ({@code tlp})
 * @param frto whether timeouts are examined for being spurious ({@code frto})
 * @param hyStart whether the first slow start ends when round trips grow longer
 * @param timestamps whether timestamps are offered and accepted ({@code timestamps})
 * @param windowScaling whether window scaling is offered and accepted ({@code window_scaling})
 * @param nagle whether new connections hold back small segments ({@code nagle})
 * @param delayedAck the longest that an acknowledgement is held back; 0 for never ({@code delayed_ack})
 * @param initialRto the retransmission timeout before a round trip was measured ({@code initial_rto})
 * @param minRto the shortest retransmission timeout ({@code min_rto})
 * @param maxRto the longest retransmission timeout ({@code max_rto})
 * @param maxRetries how often a segment is retransmitted before the connection is given up ({@code max_retries})
 * @param synRetries how often a SYN is retransmitted before the attempt is given up ({@code syn_retries})
 * @param synAckRetries how often a SYN-ACK is retransmitted before the attempt is forgotten ({@code synack_retries})
 * @param keepalive whether new connections probe an idle peer ({@code keepalive})
 * @param keepaliveTime how long the connection is idle before the first probe ({@code keepalive_time})
 * @param keepaliveInterval the time between probes ({@code keepalive_interval})
 * @param keepaliveProbes how many probes go unanswered before the connection is given up ({@code keepalive_probes})
 * @param finWait2Timeout how long a closed connection waits for the peer's FIN ({@code fin_wait2_timeout})
 * @param challengeAcks the most challenge ACKs a second ({@code challenge_acks})
 * @param ecn who may begin explicit congestion notification ({@code ecn})
 * @param synCookies when SYNs are answered by cookies ({@code syn_cookies})
 * @param hopLimit the TTL of packets sent ({@code ttl})
 * @param firstLocalPort the lowest local port chosen for a connection ({@code local_ports})
 * @param lastLocalPort the highest local port chosen for a connection ({@code local_ports})
 */
public record TcpConfig(
        int receiveBuffer,
        int sendBuffer,
        long idleTimeout,
        long timeWait,
        CongestionAlgorithm congestion,
        int initialWindow,
        boolean sack,
        boolean rack,
        boolean tailLossProbe,
        boolean frto,
        boolean hyStart,
        boolean timestamps,
        boolean windowScaling,
        boolean nagle,
        long delayedAck,
        long initialRto,
        long minRto,
        long maxRto,
        int maxRetries,
        int synRetries,
        int synAckRetries,
        boolean keepalive,
        long keepaliveTime,
        long keepaliveInterval,
        int keepaliveProbes,
        long finWait2Timeout,
        int challengeAcks,
        EcnMode ecn,
        SynCookieMode synCookies,
        int hopLimit,
        int firstLocalPort,
        int lastLocalPort) {

    /** What holds where nothing is written. */
    public static final TcpConfig DEFAULT = new TcpDraft().build();

    /**
     * This with one setting changed: {@code DEFAULT.with("min_rto", "50ms")}.
     *
     * @throws ConfigException if the key is not one of TCP's or does not take the value
     */
    public TcpConfig with(String key, String value) {
        return with(Map.of(key, value));
    }

    /**
     * This with some settings changed.
     *
     * @throws ConfigException if a key is not one of TCP's or does not take its value
     */
    public TcpConfig with(Map<String, String> settings) {
        var draft = new TcpDraft(this);
        settings.forEach((key, value) -> ConfigKeys.applyTcp(draft, new Setting(key, value, "", 0)));
        return draft.build();
    }
}
