package dev.jmtcp.core.tcp;

import dev.jmtcp.core.metrics.Counter;

/**
 * The timers of connections. A connection has several deadlines but stands in the wheel once, at the earliest; a deadline that moves back, as most do
 * with every ACK, leaves it where it is, and when the wheel comes by it is looked at again.
 */
final class ConnectionTimers {

    /** R1 of RFC 9293 section 3.8.3: after so many retransmissions IP is told that the way may be dead (SHLD-10: at least 3). */
    private static final int R1 = 3;

    private static final long RETRY = 1_000_000;

    /** What short timers of loss recovery are given on top, as in Linux: clocks and turns are not more exact. */
    static final long SLACK = 2_000_000;

    private final Tcp tcp;

    ConnectionTimers(Tcp tcp) {
        this.tcp = tcp;
    }

    /** Sees to it that the wheel comes by at the connection's earliest deadline. */
    void arm(Connection c) {
        long deadline = earliest(c);
        if (deadline != Connection.NEVER && c.state != State.CLOSED && (!c.isArmed() || deadline < c.deadline())) {
            tcp.wheel.schedule(c, c.state.isSynchronized() ? deadline : Math.min(deadline, soon()));
        }
    }

    /** When data sent after the handshake may time out: to stand there from the beginning spares most connections a move to an earlier slot. */
    private long soon() {
        return tcp.now + tcp.settings.minRto();
    }

    private long earliest(Connection c) {
        long deadline = Math.min(Math.min(c.sendDeadline, c.ackDeadline), Math.min(c.lifeDeadline, idleDeadline(c)));
        return Math.min(deadline, Math.min(keepAliveDeadline(c), userDeadline(c)));
    }

    private long idleDeadline(Connection c) {
        long timeout = tcp.settings.idleTimeout();
        return timeout < 0 || c.state == State.TIME_WAIT
                ? Connection.NEVER
                : Math.max(c.lastReceived, c.lastSent) + timeout;
    }

    /** RFC 9293 section 3.8.4, MUST-26: only when nothing is outstanding and nothing has been received for the interval. */
    private long keepAliveDeadline(Connection c) {
        if (!c.options.keepAlive
                || c.flight() > 0
                || c.sendTimer != Connection.SendTimer.IDLE
                || !(c.state == State.ESTABLISHED || c.state == State.CLOSE_WAIT || c.state == State.FIN_WAIT_2)) {
            return Connection.NEVER;
        }
        return c.lastReceived + c.options.keepAliveIdle + c.seldom.keepAliveSent * c.options.keepAliveInterval;
    }

    private long userDeadline(Connection c) {
        return c.options.userTimeout == 0 || c.sendTimer == Connection.SendTimer.IDLE
                ? Connection.NEVER
                : c.stalledSince + c.options.userTimeout;
    }

    /** Something is in flight: its acknowledgment is waited for (RFC 6298 section 5.1). */
    void sentData(Connection c) {
        if (c.sendTimer == Connection.SendTimer.IDLE || c.sendTimer == Connection.SendTimer.PROBE) {
            c.stalledSince = tcp.now;
            startRetransmit(c);
        }
    }

    /** New data has been sent, all that a turn sends (RFC 8985 section 7.2). */
    void sentNewData(Connection c) {
        SentSegments sent = c.sent;
        boolean waits =
                c.sendTimer == Connection.SendTimer.RETRANSMIT || c.sendTimer == Connection.SendTimer.LOSS_PROBE;
        if (waits && sent != null && tcp.lossProbe.mayStart(c, sent)) {
            // No later than the retransmission timer would fire.
            startLossProbe(c, sent.sentAt(0) + c.rtt.rto());
        }
    }

    /** The oldest segment has been sent again: its acknowledgment has a whole timeout, as RFC 6675 section 6 allows and Linux does. */
    void resentOldest(Connection c) {
        if (c.sendTimer != Connection.SendTimer.REORDER) {
            startRetransmit(c);
        }
    }

    /** New data was acknowledged (RFC 6298 sections 5.2 and 5.3). */
    void acknowledged(Connection c) {
        c.retransmits = 0;
        c.stalledSince = tcp.now;
        SentSegments sent = c.sent;
        if (sent == null) {
            stopSend(c);
        } else if (sent.rack().deadline() != Connection.NEVER) {
            startReorder(c, sent);
        } else if (tcp.lossProbe.mayStart(c, sent)) {
            startLossProbe(c, tcp.now + c.rtt.rto());
        } else {
            startRetransmit(c);
        }
    }

    /** Something was selectively acknowledged, and nothing else: the timer for what is waited for now. */
    void sacked(Connection c, SentSegments sent) {
        if (sent.rack().deadline() != Connection.NEVER) {
            startReorder(c, sent);
        } else if (c.sendTimer == Connection.SendTimer.REORDER || c.sendTimer == Connection.SendTimer.LOSS_PROBE) {
            continueRetransmit(c, sent);
        }
    }

    private void startReorder(Connection c, SentSegments sent) {
        c.sendTimer = Connection.SendTimer.REORDER;
        c.sendDeadline = sent.rack().deadline() + SLACK;
        arm(c);
    }

    private void startLossProbe(Connection c, long latest) {
        c.sendTimer = Connection.SendTimer.LOSS_PROBE;
        c.sendDeadline = Math.min(tcp.now + tcp.lossProbe.timeout(c), latest);
        arm(c);
    }

    /** The retransmission timer as if it had run since the oldest segment was sent. */
    private void continueRetransmit(Connection c, SentSegments sent) {
        c.sendTimer = Connection.SendTimer.RETRANSMIT;
        c.sendDeadline = Math.max(tcp.now, sent.sentAt(0) + c.rtt.rto() + slop(c));
        arm(c);
    }

    private void reorder(Connection c) {
        SentSegments sent = c.sent;
        if (sent == null) {
            stopSend(c);
            return;
        }
        tcp.recovery.onReorderTimeout(c, sent);
        sacked(c, sent);
        tcp.ready.add(c);
    }

    void startRetransmit(Connection c) {
        c.sendTimer = Connection.SendTimer.RETRANSMIT;
        c.sendDeadline = tcp.now + c.rtt.rto() + slop(c);
        arm(c);
    }

    /** FreeBSD: what the timeout is beyond its doubled value, but for the first SYN and for SYN-ACKs; its rexmit_slop. */
    private long slop(Connection c) {
        boolean first = c.state == State.SYN_RECEIVED || (c.state == State.SYN_SENT && c.retransmits == 0);
        return tcp.settings.personality() == Personality.BSD && !first ? Personality.SLOP : 0;
    }

    void stopSend(Connection c) {
        c.sendTimer = Connection.SendTimer.IDLE;
        c.sendDeadline = Connection.NEVER;
    }

    /** Data waits for the peer's window (RFC 9293 section 3.8.6.1, SHLD-29: the first probe after one RTO). */
    void startProbe(Connection c) {
        if (c.sendTimer == Connection.SendTimer.IDLE) {
            c.sendTimer = Connection.SendTimer.PROBE;
            c.stalledSince = tcp.now;
            c.retransmits = 0;
            c.sendDeadline = tcp.now + c.rtt.rto();
            arm(c);
        }
    }

    /** The neighbour does not answer: what is due is tried again after one RTO. */
    void retryLater(Connection c) {
        if (c.synQueued) {
            sentData(c);
        } else if (Sender.isHeldBack(c)) {
            startProbe(c);
        }
    }

    /** An ACK may wait for company (RFC 9293 section 3.8.6.3). */
    void delayAck(Connection c) {
        if (c.ackDeadline == Connection.NEVER) {
            c.ackDeadline = tcp.now + tcp.settings.delayedAck();
            arm(c);
        }
    }

    /** The application has closed, the peer has not: the wait for its FIN is bounded. */
    void orphaned(Connection c) {
        c.lifeDeadline = tcp.now + tcp.settings.finTimeout();
        arm(c);
    }

    void timeWait(Connection c) {
        c.lifeDeadline = tcp.now + tcp.settings.timeWait();
        stopSend(c);
        c.ackDeadline = Connection.NEVER;
        arm(c);
    }

    /** The wheel came by. */
    void expired(Connection c, long now) {
        tcp.now = now;
        if (c.ackDeadline <= now) {
            c.ackDeadline = Connection.NEVER;
            c.ackNow = true;
            tcp.counters.add(Counter.TCP_DELAYED_ACKS);
            tcp.ready.add(c);
        }
        if (c.lifeDeadline <= now) {
            if (c.state == State.TIME_WAIT && c.ackNow) {
                c.lifeDeadline = now + RETRY; // the ACK of the peer's FIN found no room yet
            } else if (c.state == State.TIME_WAIT) {
                tcp.end(c, CloseReason.NORMAL);
            } else {
                tcp.counters.add(Counter.TCP_TIMED_OUT);
                tcp.end(c, CloseReason.TIMED_OUT);
            }
        } else if (idleDeadline(c) <= now) {
            drop(c, CloseReason.IDLE);
        } else if (userDeadline(c) <= now) {
            drop(c, CloseReason.TIMED_OUT);
        } else if (c.sendDeadline <= now) {
            switch (c.sendTimer) {
                case IDLE -> c.sendDeadline = Connection.NEVER;
                case RETRANSMIT -> retransmit(c);
                case REORDER -> reorder(c);
                case LOSS_PROBE -> tcp.lossProbe.expired(c);
                case PROBE -> probe(c);
            }
        } else if (keepAliveDeadline(c) <= now) {
            keepAlive(c);
        }
        arm(c);
    }

    private void retransmit(Connection c) {
        // RFC 9293 section 3.8.6.1, MUST-37: a peer that closed its window but still answers is alive, however long it
        // lasts.
        boolean alive = c.sndWnd == 0 && c.state.isSynchronized() && heardSinceTimerStarted(c);
        c.retransmits = alive ? 1 : c.retransmits + 1;
        if (c.retransmits > limit(c)) {
            drop(c, CloseReason.TIMED_OUT);
            return;
        }
        if (c.retransmits == R1 && c.path != null) {
            tcp.network.doubt(c.path);
            c.ownSeldom().softError = CloseReason.TIMED_OUT;
        }
        tcp.counters.add(Counter.TCP_TIMEOUTS);
        c.rtt.backOff();
        switch (c.state) {
            case SYN_SENT, SYN_RECEIVED -> {
                c.synQueued = true;
                c.ownLoss().totalRetransmits++;
                tcp.counters.add(Counter.TCP_RETRANSMITS);
            }
            case ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK -> {
                tcp.recovery.onTimeout(c);
                tcp.ecn.reduced(c);
            }
            case CLOSED, TIME_WAIT -> {}
        }
        startRetransmit(c);
        tcp.ready.add(c);
    }

    /** Whether the peer has sent anything since the timer that has expired now was started. */
    private static boolean heardSinceTimerStarted(Connection c) {
        return c.lastReceived >= c.sendDeadline - c.rtt.rto();
    }

    /**
     * How often a segment is sent again before the connection is given up: R2 of RFC 9293 section 3.8.3. A user timeout is a R2 of its own, a longer one
     * too (MUST-21); but a SYN is not sent more often for it, as in Linux.
     */
    private int limit(Connection c) {
        if (c.options.userTimeout > 0 && c.state.isSynchronized()) {
            return Integer.MAX_VALUE;
        }
        return switch (c.state) {
            case SYN_SENT -> c.options.synRetries;
            case SYN_RECEIVED -> tcp.settings.synAckRetries();
            case CLOSED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT ->
                tcp.settings.retries();
        };
    }

    private void probe(Connection c) {
        // MUST-37: only probes that go unanswered count.
        boolean answered = heardSinceTimerStarted(c);
        c.retransmits = answered ? 1 : c.retransmits + 1;
        if (c.retransmits > tcp.settings.retries()) {
            drop(c, CloseReason.TIMED_OUT);
            return;
        }
        if (answered) {
            c.stalledSince = tcp.now;
        }
        boolean probes = !Sender.mayOverride(c);
        if (probes || c.retransmits > 1) {
            c.rtt.backOff(); // SHLD-30: the interval grows exponentially; but what goes for the first time has not
            // timed out
        }
        c.sendDeadline = tcp.now + c.rtt.rto();
        tcp.counters.add(Counter.TCP_ZERO_WINDOW_PROBES, probes ? 1 : 0);
        c.probeDue = true;
        tcp.ready.add(c);
    }

    private void keepAlive(Connection c) {
        // A user timeout counts instead, as in Linux.
        long userTimeout = c.options.userTimeout;
        boolean over = userTimeout > 0
                ? c.seldom.keepAliveSent > 0 && tcp.now - c.lastReceived >= userTimeout
                : c.seldom.keepAliveSent >= c.options.keepAliveProbes;
        if (over) {
            drop(c, CloseReason.TIMED_OUT);
            return;
        }
        c.ownSeldom().keepAliveSent++;
        tcp.counters.add(Counter.TCP_KEEPALIVE_PROBES);
        c.probeDue = true;
        tcp.ready.add(c);
    }

    private void drop(Connection c, CloseReason reason) {
        tcp.counters.add(
                c.state == State.SYN_SENT || c.state == State.SYN_RECEIVED
                        ? Counter.TCP_CONNECT_FAILED
                        : Counter.TCP_TIMED_OUT);
        if (c.state.isSynchronized()) {
            tcp.replies.abort(c);
        }
        tcp.end(c, reason);
    }
}
