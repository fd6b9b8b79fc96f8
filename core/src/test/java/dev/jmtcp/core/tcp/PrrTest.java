package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Proportional rate reduction: RFC 9937. */
class PrrTest extends RecoveryFixture {

    private final Prr prr = new Prr();

    /** Section 6.2: while more than the threshold is in flight, as much leaves of what arrives as is to be left of the window. */
    @Test
    void pipeAboveThreshold_sendsInProportion() {
        prr.enter(20_000);
        assertThat(prr.onAck(1000, 19_000, 10_000, 1000, false)).isEqualTo(20_000); // the first goes in any case
        prr.sent(1000);
        assertThat(prr.onAck(1000, 18_000, 10_000, 1000, false)).isEqualTo(18_000);
        assertThat(prr.onAck(1000, 17_000, 10_000, 1000, false)).isEqualTo(17_500);
        assertThat(prr.onAck(1000, 16_000, 10_000, 1000, false)).isEqualTo(17_000);
        prr.sent(1000);
        assertThat(prr.onAck(1000, 16_000, 10_000, 1000, false)).isEqualTo(16_500);
    }

    /** Section 6.2: below it, what arrives is replaced, and no more while there are new losses. */
    @Test
    void pipeBelowThreshold_newLosses_sendsWhatArrives() {
        prr.enter(20_000);
        prr.sent(1000);
        assertThat(prr.onAck(3000, 2000, 10_000, 1000, false)).isEqualTo(2000 + 3000);
        prr.sent(2000); // all that has arrived
        assertThat(prr.onAck(1000, 2000, 10_000, 1000, false)).isEqualTo(2000 + 1000);
    }

    /** Section 6.2: else one more with each ACK, also where several come before anything is sent. */
    @Test
    void pipeBelowThreshold_safeAcks_sendOneMoreEach() {
        prr.enter(20_000);
        prr.sent(1000);
        assertThat(prr.onAck(1000, 2000, 10_000, 1000, true)).isEqualTo(2000 + 2000);
        assertThat(prr.onAck(1000, 1000, 10_000, 1000, true)).isEqualTo(1000 + 1000 + 2000);
        prr.sent(3000);
        assertThat(prr.onAck(1000, 1000, 10_000, 1000, true)).isEqualTo(1000 + 1000 + 1000);
    }

    /** Section 6.2: up to the threshold. */
    @Test
    void pipeJustBelowThreshold_sendsUpToIt() {
        prr.enter(20_000);
        prr.sent(1000);
        assertThat(prr.onAck(5000, 9500, 10_000, 1000, true)).isEqualTo(10_000);
    }

    /** One loss in twenty, the window halved: every second ACK lets one segment go, and at the end the window is the threshold. */
    @Test
    void oneLoss_everySecondAckSendsOne() {
        inFlight(20, 20);
        advance(RTT);
        in(sack(1, 2, 3));
        expect(full(21)); // RFC 3042
        in(sack(1, 2, 4));
        expect(full(22));
        in(sack(1, 2, 5));
        expect(full(1));
        int sent = 0;
        for (int i = 6; i <= 21; i++) {
            in(sack(1, 2, i));
            sent += network.sent.size();
            assertThat(sent).as("sent with the ACK of segment %d", i).isBetween((i - 6) / 2 - 1, (i - 4) / 2);
            network.sent.clear();
        }
        assertThat(c.info().slowStartThreshold()).isEqualTo(10 * MSS);
        in(sack(23 + sent));
        assertThat(c.info().recovery()).isEqualTo("OPEN");
        assertThat(c.info().congestionWindow()).isEqualTo(10 * MSS);
        network.sent.clear();
    }
}
