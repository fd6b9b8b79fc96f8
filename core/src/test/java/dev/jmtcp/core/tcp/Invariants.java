package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.buffer.ByteWindow;
import dev.jmtcp.core.buffer.Ranges;
import java.util.ArrayList;
import java.util.List;

/** What holds of every connection between two turns, whatever has arrived. */
final class Invariants {

    private Invariants() {}

    /** Checks all connections of an engine; to be called when {@link Tcp#flush} has returned. */
    static void check(Tcp tcp) {
        List<Connection> all = connections(tcp);
        assertThat(tcp.flows.size()).as("connections counted").isEqualTo(all.size());
        assertThat(all.size()).as("connections").isLessThanOrEqualTo(tcp.settings.maxConnections());
        for (Connection c : all) {
            try {
                check(tcp, c);
            } catch (AssertionError e) {
                throw new AssertionError(c + " " + c.info() + ": " + e.getMessage(), e);
            }
        }
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
        assertThat(c.state).as("state in the table").isNotEqualTo(State.CLOSED);
        assertThat(tcp.flows.find(c.localHigh, c.localLow, c.localPort, c.remoteHigh, c.remoteLow, c.remotePort))
                .as("found by its addresses")
                .isSameAs(c);
        checkSending(c);
        checkReceiving(c);
        checkTimers(c);
        assertThat(c.congestion.cwnd()).as("cwnd").isNotNegative();
        if (c.ackNow && c.state != State.SYN_SENT) {
            assertThat(c.ready).as("ready while an ACK is due").isTrue();
        }
        if (c.inEventList) {
            assertThat(c.detached && c.events != 0).as("events of nobody").isFalse();
        }
    }

    private static void checkSending(Connection c) {
        assertThat(c.flight()).as("SND.NXT - SND.UNA").isNotNegative();
        assertThat(c.sendEnd - c.sndUnaPosition).as("bytes to be acknowledged").isBetween(0L, 1L << 30);
        assertThat(c.sndWnd).as("SND.WND").isBetween(0, c.maxSndWnd);
        if (c.state == State.SYN_SENT || c.state == State.SYN_RECEIVED) {
            assertThat(c.flight()).as("the SYN in flight").isEqualTo(1);
            return;
        }
        if (c.state == State.TIME_WAIT) {
            assertThat(c.send).as("send buffer").isNull();
            return;
        }
        assertThat(c.unsent()).as("bytes not sent").isNotNegative();
        SentSegments sent = c.sent;
        assertThat(sent == null).as("no scoreboard").isEqualTo(c.flight() == 0);
        if (sent != null) {
            assertThat(sent.una()).as("scoreboard from").isEqualTo(c.sndUna);
            assertThat(sent.nxt()).as("scoreboard to").isEqualTo(c.sndNxt);
            assertThat(sent.pipe()).as("pipe").isBetween(0, c.flight());
            assertThat(sent.sackedBytes()).as("sacked").isBetween(0, c.flight());
            assertThat(sent.lostBytes()).as("lost").isBetween(0, c.flight());
        }
        ByteWindow send = c.send;
        if (c.sendEnd > c.sndUnaPosition) {
            assertThat(send).as("send buffer").isNotNull();
        }
        if (send != null && c.sendEnd > c.sndUnaPosition) {
            assertThat(send.base()).as("send buffer from").isEqualTo(c.sndUnaPosition);
            assertThat(send.end()).as("send buffer to").isEqualTo(c.sendEnd);
        }
        if (c.finSent) {
            assertThat(c.finQueued).as("FIN sent and queued").isTrue();
            assertThat(c.state)
                    .as("state after our FIN")
                    .isIn(State.FIN_WAIT_1, State.FIN_WAIT_2, State.CLOSING, State.LAST_ACK);
        }
        boolean waits = c.unsent() > 0 || (c.finQueued && !c.finSent);
        if (waits || c.flight() > 0) {
            assertThat(c.ready || c.sendTimer != Connection.SendTimer.IDLE)
                    .as("something will happen to what is not delivered")
                    .isTrue();
        }
    }

    private static void checkReceiving(Connection c) {
        if (!c.state.isSynchronized()) {
            return;
        }
        assertThat(c.readable()).as("readable").isNotNegative();
        long held = (long) c.readable() + Math.max(0, Seq.distance(c.rcvAdv, c.rcvNxt));
        assertThat(held)
                .as("bytes held and promised room for")
                .isLessThan(Math.max(c.options.receiveBuffer, 1 << 16) + (1L << c.rcvWindShift));
        assertThat(Seq.distance(c.rcvAdv, c.rcvNxt))
                .as("window not behind, but for the FIN")
                .isGreaterThanOrEqualTo(-1);
        assertThat(Seq.lessOrEqual(c.lastAckSent, c.rcvNxt))
                .as("acknowledged what came")
                .isTrue();
        if (c.readable() > 0) {
            assertThat(c.receive).as("receive buffer").isNotNull();
        }
        Ranges ranges = c.outOfOrder;
        if (ranges != null) {
            assertThat(ranges.count()).as("ranges out of order").isPositive();
            assertThat(ranges.start(0)).as("first hole").isGreaterThan(c.rcvPosition);
            assertThat(ranges.end(ranges.count() - 1))
                    .as("out of order, within the window")
                    .isLessThanOrEqualTo(c.rcvPosition + Math.max(0, Seq.distance(c.rcvAdv, c.rcvNxt)));
        }
        if (c.finReceived) {
            assertThat(c.state)
                    .as("state after the peer's FIN")
                    .isIn(State.CLOSE_WAIT, State.CLOSING, State.LAST_ACK, State.TIME_WAIT);
        }
    }

    private static void checkTimers(Connection c) {
        if (c.sendTimer == Connection.SendTimer.IDLE) {
            assertThat(c.sendDeadline).as("deadline of no timer").isEqualTo(Connection.NEVER);
        } else {
            assertThat(c.isArmed()).as("armed").isTrue();
            assertThat(c.deadline()).as("deadline armed for").isLessThanOrEqualTo(c.sendDeadline);
        }
        if (c.ackDeadline != Connection.NEVER) {
            assertThat(c.isArmed()).as("armed for the delayed ACK").isTrue();
            assertThat(c.deadline()).as("deadline armed for").isLessThanOrEqualTo(c.ackDeadline);
        }
        if (c.state == State.TIME_WAIT) {
            assertThat(c.isArmed()).as("armed for the end of TIME-WAIT").isTrue();
        }
    }
}
