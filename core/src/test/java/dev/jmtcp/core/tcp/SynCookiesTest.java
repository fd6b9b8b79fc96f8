package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.fin;
import static dev.jmtcp.core.tcp.Packet.rst;
import static dev.jmtcp.core.tcp.Packet.syn;
import static dev.jmtcp.core.wire.TcpHeader.ACK;
import static dev.jmtcp.core.wire.TcpHeader.CWR;
import static dev.jmtcp.core.wire.TcpHeader.ECE;
import static dev.jmtcp.core.wire.TcpHeader.RST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.tcp.TcpSettings.SynCookies;
import dev.jmtcp.core.wire.Address;
import dev.jmtcp.testsupport.Requirement;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SYN cookies: RFC 4987 section 3.6. */
class SynCookiesTest extends TcpFixture {

    private static final long SECOND = 1000;

    private void always() {
        settings.synCookies(SynCookies.ALWAYS);
        listen();
    }

    /** The segments to come are exchanged with another host. */
    private void peer(int i) {
        remoteLow = Address.ofIpv4(0x0a000002 + i);
    }

    /** The peer's SYN is answered, and nothing is kept. */
    private void answered(Packet syn, Packet answer) {
        int before = tcp.connections();
        in(syn);
        expect(answer);
        assertThat(tcp.connections()).isEqualTo(before);
    }

    private void answered(Packet syn) {
        answered(syn, ourSynAck(syn));
    }

    // ---- The handshake

    @Test
    @Requirement("RFC4987-3")
    void syn_always_isAnsweredAndForgotten() {
        always();
        answered(plain(), ourSynAck(plain()).window(0xffff));
        assertThat(wheel.size()).isZero();
        assertThat(count(Counter.TCP_PASSIVE_OPENS)).isZero();
        quiet(10 * SECOND);
        in(ack().window(1000));
        accept();
        inState(State.ESTABLISHED);
        assertThat(c.iss()).isEqualTo(iss);
        assertThat(c.info().sendWindow()).isEqualTo(1000);
        assertThat(count(Counter.TCP_COOKIES_SENT)).isEqualTo(1);
        assertThat(count(Counter.TCP_COOKIES_ACCEPTED)).isEqualTo(1);
        assertThat(count(Counter.TCP_PASSIVE_OPENS)).isEqualTo(1);
        assertThat(count(Counter.TCP_ESTABLISHED)).isEqualTo(1);
        write(1000);
        expect(data(1000).push());
        in(data(100).ack(1001));
        assertThat(read(200)).isEqualTo(100);
        expectAfter(40, ack().seq(1001).ack(101));
    }

    /** What follows the handshake may come with its ACK, or instead of it. */
    @Test
    void ackLost_dataEstablishes() {
        always();
        answered(plain());
        in(data(100));
        accept();
        assertThat(read(200)).isEqualTo(100);
        expectAfter(40, ack().ack(101));
    }

    @Test
    void ackLost_finEstablishes() {
        always();
        answered(plain());
        in(data(10).withFin());
        expect(ack().ack(12));
        accept();
        inState(State.CLOSE_WAIT);
        assertThat(read(200)).isEqualTo(10);
    }

    /** The answer was lost: the SYN comes again, and gets the same. */
    @Test
    void synAgain_getsTheSameNumber() {
        always();
        answered(plain());
        int first = iss;
        advance(1 * SECOND);
        answered(plain());
        assertThat(iss).isEqualTo(first);
        in(ack());
        accept();
        inState(State.ESTABLISHED);
    }

    /** No sample: nobody knows when the SYN-ACK was sent; and no slow beginning. */
    @Test
    void established_roundTripIsUnknown() {
        always();
        answered(plain());
        advance(300);
        in(ack());
        accept();
        assertThat(c.info().smoothedRtt()).isZero();
        assertThat(c.info().congestionWindow()).isEqualTo(10 * 1460);
        write(10);
        expect(data(10).push());
        expectAfter(1 * SECOND, data(10).push());
    }

    // ---- What is remembered

    /** The sizes that there are room for; others are rounded down. */
    @ParameterizedTest
    @CsvSource({"0, 48", "255, 48", "536, 536", "1219, 536", "1400, 1400", "1459, 1440", "1460, 1460", "8961, 8960"})
    void mss_isRoundedDown(int announced, int used) {
        network.path.mtu = 9001;
        always();
        answered(syn().mss(announced));
        in(ack());
        accept();
        assertThat(c.info().sendMss()).isEqualTo(used);
    }

    /** RFC 9293 section 3.7.1, MUST-15. */
    @Test
    void noMss_is536() {
        always();
        answered(syn());
        in(ack());
        accept();
        assertThat(c.info().sendMss()).isEqualTo(536);
    }

    /** Every scale, with and without SACK and ECN. */
    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 7, 13, 14})
    @Requirement("RFC4987-3")
    void withTimestamps_optionsAreRemembered(int scale) {
        always();
        for (int i = 0; i < 4; i++) {
            peer(i);
            boolean sack = (i & 1) != 0;
            boolean ecn = (i & 2) != 0;
            advance(17); // so that the low bits of the clock differ
            Packet syn = syn().mss(1460).ts();
            syn.sackOk = sack;
            syn.scale = scale < 0 ? Packet.ANY : scale;
            Packet answer = ourSynAck(syn);
            answered(ecn ? syn.with(ECE).with(CWR) : syn, ecn ? answer.with(ECE) : answer);
            in(ack().ts());
            accept();
            TcpInfo info = c.info();
            assertThat(info.timestamps()).isTrue();
            assertThat(info.sack()).isEqualTo(sack);
            assertThat(info.ecn()).isEqualTo(ecn);
            assertThat(info.windowScaling()).isEqualTo(scale >= 0);
            assertThat(info.sendWindowShift()).isEqualTo(Math.max(scale, 0));
            assertThat(info.receiveWindowShift()).isEqualTo(scale >= 0 ? 3 : 0);
            assertThat(info.sendWindow()).isEqualTo(0xffff << Math.max(scale, 0));
            assertThat(info.sendMss()).isEqualTo(1448);
            if (i < 3) {
                tcp.abort(c);
                c.detach();
                network.sent.clear();
                turn();
                network.sent.clear();
            }
        }
    }

    /** RFC 7323 section 5.4: the clock does not go back; the peer's timestamp is echoed. */
    @Test
    void withTimestamps_theClockDoesNotGoBack() {
        always();
        int last = Integer.MIN_VALUE;
        long begin = now;
        for (int i = 0; i < 200; i++) {
            advance(i * 13 % 100);
            in(modern());
            Packet answer = next();
            assertThat(answer.tsEcr).isEqualTo((int) ((now - begin) / MS));
            assertThat(answer.tsVal).isGreaterThanOrEqualTo(last);
            last = answer.tsVal;
        }
        advance(1);
        in(ack().ts());
        accept();
        write(10);
        Packet first = next();
        assertThat(first.tsVal).isGreaterThanOrEqualTo(last).isLessThanOrEqualTo(last + 2 * 64 + 1);
    }

    /** What cannot be remembered is not agreed upon. */
    @Test
    void withoutTimestamps_optionsAreLeftOut() {
        always();
        answered(syn().mss(1460).sackOk().scale(7).with(ECE).with(CWR), ourSynAck(plain()));
        in(ack());
        accept();
        assertThat(c.info().sack()).isFalse();
        assertThat(c.info().windowScaling()).isFalse();
        assertThat(c.info().ecn()).isFalse();
        assertThat(c.info().sendWindow()).isEqualTo(0xffff);
    }

    /** Our settings hold as for others. */
    @Test
    void optionsOff_areLeftOut() {
        settings.timestamps(false);
        always();
        answered(modern(), ourSynAck(plain()));
        in(ack().ts(5, 0x3f));
        accept();
        assertThat(c.info().timestamps()).isFalse();
        assertThat(c.info().sack()).isFalse();
        assertThat(c.info().windowScaling()).isFalse();
    }

    // ---- When

    /** RFC 4987: as long as there is room, handshakes are kept. */
    @Test
    @Requirement("RFC4987-3")
    void syn_on_isAnsweredByACookieWhenTheQueueIsFull() {
        listen(2);
        for (int i = 1; i <= 2; i++) {
            peer(i);
            in(plain());
            expect(ourSynAck(plain()));
        }
        assertThat(tcp.connections()).isEqualTo(2);
        peer(3);
        answered(plain());
        in(ack());
        assertThat(listener.pending()).isEqualTo(1);
        assertThat(tcp.connections()).isEqualTo(3);
        peer(2);
        iss = find().iss();
        in(rst());
        peer(4);
        in(plain());
        expect(ourSynAck(plain()));
        assertThat(tcp.connections()).isEqualTo(3);
        assertThat(count(Counter.TCP_COOKIES_SENT)).isEqualTo(1);
    }

    /** The accept queue is full: the peer, which has shown that it is there, is asked again. */
    @Test
    void acceptQueueFull_synAckGoesAgainUntilThereIsRoom() {
        settings.synCookies(SynCookies.ALWAYS);
        listen(1);
        peer(1);
        answered(modern());
        int second = iss;
        peer(0);
        answered(plain());
        in(ack());
        int first = iss;
        iss = second;
        peer(1);
        in(ack().ts());
        expectNothing();
        assertThat(find().state()).isEqualTo(State.SYN_RECEIVED);
        assertThat(count(Counter.TCP_ACCEPT_OVERFLOW)).isEqualTo(1);
        expectAfter(1 * SECOND, ourSynAck(modern()));
        Connection one = tcp.accept(listener);
        assertThat(one.iss()).isEqualTo(first);
        one.detach();
        in(ack().ts());
        accept();
        inState(State.ESTABLISHED);
        assertThat(c.iss()).isEqualTo(second);
        assertThat(c.info().sack()).isTrue();
    }

    /** So many wait at most; the others are as if their ACK had been lost, until they send data. */
    @Test
    void acceptQueueFull_ofManyPeers_isBounded() {
        settings.synCookies(SynCookies.ALWAYS);
        listen(2);
        int[] numbers = new int[10];
        for (int i = 0; i < 10; i++) {
            peer(i);
            answered(plain());
            numbers[i] = iss;
        }
        for (int i = 0; i < 10; i++) {
            peer(i);
            iss = numbers[i];
            in(ack());
            expectNothing();
        }
        assertThat(listener.pending()).isEqualTo(2);
        assertThat(tcp.connections()).isEqualTo(2 + 4);
        tcp.accept(listener).detach();
        in(data(10));
        assertThat(listener.pending()).isEqualTo(2);
        assertThat(tcp.connections()).isEqualTo(7);
        advance(40);
        network.sent.clear();
    }

    /** No room to answer: the SYN will come again. */
    @Test
    void ringFull_isCounted() {
        always();
        network.room = 0;
        in(plain());
        expectNothing();
        assertThat(count(Counter.TX_RING_FULL)).isEqualTo(1);
        assertThat(count(Counter.TCP_COOKIES_SENT)).isZero();
    }

    /** The neighbour is not known: the answer waits for it. */
    @Test
    void neighbourUnknown_answerWaits() {
        always();
        network.unresolved = true;
        in(plain());
        expectNothing();
        network.resolve();
        expect(ourSynAck(plain()));
        in(ack());
        accept();
    }

    // ---- What is not believed

    @Test
    @Requirement("RFC4987-3")
    void ack_otherNumbers_isReset() {
        always();
        answered(plain());
        in(ack().ack(2));
        expect(rst().seq(2));
        in(ack().ack(0));
        expect(rst().seq(0));
        in(ack().seq(2));
        expect(rst());
        in(ack().seq(0));
        expect(rst());
        in(ack().ports(REMOTE_PORT + 1, LOCAL_PORT));
        assertThat(Packet.decode(network.sent.remove().bytes()).has(RST)).isTrue();
        peer(1);
        in(ack());
        expect(rst());
        peer(0);
        in(fin().without(ACK));
        expectNothing();
        assertThat(tcp.connections()).isZero();
        in(ack());
        assertThat(listener.pending()).isEqualTo(1);
    }

    /** A cookie is good for one period at least, and two at most. */
    @Test
    void ack_tooLate_isReset() {
        always();
        answered(plain());
        quiet(64 * SECOND);
        in(ack());
        assertThat(listener.pending()).isEqualTo(1);
        tcp.abort(tcp.accept(listener));
        turn();
        network.sent.clear();
        answered(plain());
        quiet(128 * SECOND);
        in(ack());
        expect(rst());
        assertThat(tcp.connections()).isZero();
    }

    /** A number that would be right is not even looked at where no cookie has been sent of late. */
    @Test
    void ack_noCookieSent_isReset() {
        listen();
        in(ack());
        expect(rst());
        assertThat(count(Counter.TCP_COOKIES_ACCEPTED)).isZero();
    }

    /** Guessing takes 2^28 tries or so. */
    @Test
    @Requirement("RFC4987-3")
    void acks_guessed_areReset() {
        always();
        answered(plain());
        SplittableRandom random = new SplittableRandom(4987);
        for (int i = 0; i < 200_000; i++) {
            in(ack().ack(random.nextInt()));
            network.sent.clear();
        }
        assertThat(tcp.connections()).isZero();
        assertThat(count(Counter.TCP_COOKIES_ACCEPTED)).isZero();
    }

    /** RFC 9293 section 3.6.1, MAY-2: a connection that takes the place of one in TIME-WAIT must begin beyond it: no cookie. */
    @Test
    void timeWait_newSyn_isAnsweredInTheOrdinaryWay() {
        always();
        answered(plain());
        in(ack());
        accept();
        shutdownOutput();
        expect(fin());
        in(fin().ack(2));
        expect(ack().seq(2).ack(2));
        Connection old = c;
        int used = old.sndNxt;
        in(plain().seq(1000));
        c = find();
        irs += 1000;
        expect(ourSynAck(plain()));
        assertThat(Seq.greaterThan(c.iss(), used)).isTrue();
        in(ack());
        old.detach();
        accept();
        inState(State.ESTABLISHED);
        assertThat(count(Counter.TCP_COOKIES_SENT)).isEqualTo(1);
    }
}
