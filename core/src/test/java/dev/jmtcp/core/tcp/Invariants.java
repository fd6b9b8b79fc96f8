package dev.jmtcp.core.tcp;

import dev.jmtcp.core.buffer.ByteWindow;
import dev.jmtcp.core.buffer.Ranges;
import java.util.ArrayList;
import java.util.List;

/** What holds of every connection between two turns, whatever has arrived. Plain conditions, since they are checked a million times. */
final class Invariants {

    private Invariants() {}

    /** Checks all connections of an engine; to be called when {@link Tcp#flush} has returned. */
    static void check(Tcp tcp) {
        int count = 0;
        for (int slot = 0; slot < tcp.flows.slots(); slot++) {
            if (tcp.flows.at(slot) instanceof Connection c) {
                count++;
                try {
                    check(tcp, c);
                } catch (AssertionError e) {
                    throw new AssertionError(e.getMessage() + ": " + c + " " + c.info(), e);
                }
            }
        }
        require(tcp.flows.size() == count, "connections counted");
        require(count <= tcp.settings.maxConnections(), "connections");
    }

    static List<Connection> connections(Tcp tcp) {
        List<Connection> all = new ArrayList<>();
        for (int slot = 0; slot < tcp.flows.slots(); slot++) {
            if (tcp.flows.at(slot) instanceof Connection c) {
                all.add(c);
            }
        }
        return all;
    }

    private static void check(Tcp tcp, Connection c) {
        require(c.state != State.CLOSED, "no closed connection in the table");
        require(
                tcp.flows.find(c.localHigh, c.localLow, c.localPort, c.remoteHigh, c.remoteLow, c.remotePort) == c,
                "found by its addresses");
        checkSending(c);
        checkReceiving(c);
        checkTimers(c);
        require(c.congestion.cwnd() >= 0, "cwnd");
        require(!c.ackNow || c.state == State.SYN_SENT || c.ready, "ready while an ACK is due");
        require(!(c.inEventList && c.detached && c.events != 0), "events of nobody");
    }

    private static void checkSending(Connection c) {
        require(c.flight() >= 0, "SND.UNA <= SND.NXT");
        require(c.sendEnd() >= c.sndUnaPosition && c.sendEnd() - c.sndUnaPosition <= 1 << 30, "send stream");
        require(c.sndWnd >= 0 && c.sndWnd <= c.maxSndWnd, "SND.WND");
        if (c.state == State.SYN_SENT || c.state == State.SYN_RECEIVED) {
            require(c.flight() == 1, "the SYN is in flight");
            return;
        }
        if (c.state == State.TIME_WAIT) {
            require(c.send == null && c.sent == null, "nothing to send in TIME-WAIT");
            return;
        }
        require(c.unsent() >= 0, "sent what was handed over");
        SentSegments sent = c.sent;
        require((sent == null) == (c.flight() == 0), "a scoreboard while something is in flight");
        if (sent != null) {
            require(sent.una() == c.sndUna, "scoreboard from SND.UNA");
            require(sent.nxt() == c.sndNxt, "scoreboard to SND.NXT");
            require(sent.pipe() >= 0 && sent.pipe() <= c.flight() + sent.retransmittedBytes(), "pipe");
            require(sent.sackedBytes() >= 0 && sent.sackedBytes() <= c.flight(), "bytes sacked");
            require(sent.lostBytes() >= 0 && sent.lostBytes() <= c.flight(), "bytes lost");
        }
        ByteWindow send = c.send;
        if (c.sendEnd() > c.sndUnaPosition) {
            require(send != null, "a send buffer");
            require(send.base() == c.sndUnaPosition && send.end() == c.sendEnd(), "what the send buffer holds");
        }
        if (c.finSent) {
            require(c.finQueued, "a FIN sent was queued");
            require(
                    switch (c.state) {
                        case FIN_WAIT_1, FIN_WAIT_2, CLOSING, LAST_ACK -> true;
                        default -> false;
                    },
                    "state after our FIN");
        }
        boolean waits = c.unsent() > 0 || (c.finQueued && !c.finSent);
        if (waits || c.flight() > 0) {
            require(
                    c.ready || c.sendTimer != Connection.SendTimer.IDLE,
                    "something will happen to what is not delivered");
        }
    }

    private static void checkReceiving(Connection c) {
        if (!c.state.isSynchronized()) {
            return;
        }
        int window = Seq.distance(c.rcvAdv, c.rcvNxt);
        require(window >= -1, "window not behind, but for the FIN");
        require(c.readable() >= 0, "read what has come");
        require(
                (long) c.readable() + window < c.options.receiveBuffer + (1L << c.rcvWindShift),
                "bytes held and promised room for");
        require(Seq.lessOrEqual(c.lastAckSent, c.rcvNxt), "acknowledged what came");
        require(c.readable() == 0 || c.receive != null, "a receive buffer");
        Ranges ranges = c.outOfOrder;
        if (ranges != null) {
            require(ranges.count() > 0, "ranges out of order");
            require(ranges.start(0) > c.rcvPosition, "a hole before them");
            require(ranges.end(ranges.count() - 1) <= c.rcvPosition + window, "them within the window");
        }
        require(
                !c.finReceived
                        || switch (c.state) {
                            case CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT -> true;
                            default -> false;
                        },
                "state after the peer's FIN");
    }

    private static void checkTimers(Connection c) {
        if (c.sendTimer == Connection.SendTimer.IDLE) {
            require(c.sendDeadline == Connection.NEVER, "no deadline of no timer");
        } else {
            require(c.isArmed() && c.deadline() <= c.sendDeadline, "armed for sending again");
        }
        if (c.ackDeadline != Connection.NEVER) {
            require(c.isArmed() && c.deadline() <= c.ackDeadline, "armed for the delayed ACK");
        }
        require(c.state != State.TIME_WAIT || c.isArmed(), "armed for the end of TIME-WAIT");
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }
}
