package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.tcp.Packet.ack;
import static dev.jmtcp.core.tcp.Packet.data;
import static dev.jmtcp.core.tcp.Packet.syn;
import static dev.jmtcp.core.tcp.Packet.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.testsupport.Requirement;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Odd headers and odd options: RFC 9293 sections 3.1 and 3.2. */
class OptionsTest extends TcpFixture {

    // ---- Options

    /** RFC 9293 section 3.2, MUST-6: unknown options with a length are skipped. */
    @Test
    @Requirement("MUST-5")
    @Requirement("MUST-6")
    void unknownOptions_areSkipped() {
        listen();
        in(syn().options(254, 4, 1, 2, 2, 4, 5, 0xb4, 99, 2, 30, 6, 1, 2, 3, 4));
        expect(synAck().mss(1460));
        in(ack());
        accept();
        assertThat(c.info().sendMss()).isEqualTo(1460);
        in(data(10).options(19, 18, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)); // MUST-5: in any segment
        assertThat(read(10)).isEqualTo(10);
        expectAfter(40, ack().ack(11));
    }

    /** RFC 9293 section 3.1, MUST-64: options need not be aligned. */
    @Test
    @Requirement("MUST-64")
    void unalignedOptions_areRead() {
        listen();
        in(syn().options(1, 2, 4, 2, 0x18, 3, 3, 2, 1, 1, 1, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0, 0));
        expect(synAck().mss(1460).sackOk().scale(3).ts());
        Connection found = find();
        assertThat(found.info().sendMss()).isEqualTo(536 - 12);
        assertThat(found.info().sendWindowShift()).isEqualTo(2);
    }

    /** RFC 9293 section 3.1: nothing counts behind the end of options. */
    @Test
    void optionsBehindTheEnd_areNotRead() {
        listen();
        in(syn().options(0, 2, 4, 2, 0x18, 4, 2, 0xff));
        expect(synAck().mss(1460));
        assertThat(find().info().sendMss()).isEqualTo(536);
    }

    /** RFC 9293 section 3.1, MUST-7: impossible lengths: survived, and counted. */
    @Test
    @Requirement("MUST-7")
    void impossibleLengths_areDropped() {
        listen();
        int[][] bad = {
            {2, 0, 0, 0}, // length 0
            {2, 1, 0, 0},
            {2, 3, 0, 0}, // not that of an MSS
            {2, 5, 0, 0, 0, 0, 0, 0},
            {1, 1, 1, 2}, // cut off
            {1, 1, 254, 40}, // beyond the header
            {3, 4, 1, 0},
            {4, 3, 0, 0},
            {8, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
            {5, 3, 0, 0},
            {5, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
            {5, 2, 0, 0},
            {254, 1, 0, 0},
        };
        for (int[] options : bad) {
            in(syn().options(options));
            expectNothing();
        }
        assertThat(tcp.connections()).isZero();
        assertThat(count(Counter.TCP_BAD_OPTION)).isEqualTo(bad.length);
        established();
        for (int[] options : bad) {
            in(data(10).options(options));
            expectNothing();
        }
        assertThat(c.readable()).isZero();
        in(data(10));
        assertThat(read(100)).isEqualTo(10);
        expectAfter(40, ack().ack(11));
    }

    /** RFC 9293 section 3.7.1, RFC 7323 section 2.2, RFC 2018 section 2: these options mean something in SYNs only. */
    @Test
    @Requirement("MUST-65")
    void synOptionsLater_areIgnored() {
        established(plain().scale(2));
        in(data(10).mss(100).scale(9).sackOk());
        assertThat(c.info().sendMss()).isEqualTo(1460);
        assertThat(c.info().sendWindowShift()).isEqualTo(2);
        assertThat(c.info().sack()).isFalse();
        expectAfter(40, ack().ack(11));
    }

    /** The most options that there can be. */
    @Test
    void fortyBytesOfOptions_areRead() {
        settings.rack(false);
        established(modern());
        write(14_480);
        network.sent.clear();
        in(ack().sack(2897, 4345).sack(5793, 7241).sack(8689, 10_137));
        expect(data(1448), data(1448).seq(1449));
    }

    // ---- Headers

    /** RFC 9293 section 3.1: a header is five words at least, and lies within the segment. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 6, 15})
    void impossibleHeaderLength_isDropped(int words) {
        established();
        in(ack().headerWords(words));
        in(syn().headerWords(words));
        expectNothing();
        assertThat(count(Counter.TCP_MALFORMED)).isEqualTo(2);
    }

    @Test
    void shorterThanAHeader_isDropped() {
        established();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(64);
            for (int length = 0; length < 20; length++) {
                tcp.segment(memory, 0, length, 0, remoteLow, 0, localLow, 0, now);
            }
        }
        turn();
        expectNothing();
        assertThat(count(Counter.TCP_MALFORMED)).isEqualTo(20);
    }

    /** Port 0 is no port (RFC 6335 section 6). */
    @Test
    void portZero_isDropped() {
        start();
        in(syn().ports(0, LOCAL_PORT), syn().ports(REMOTE_PORT, 0));
        expectNothing();
        assertThat(count(Counter.TCP_MALFORMED)).isEqualTo(2);
    }

    /** Everything at once makes no sense, and does no harm. */
    @Test
    void allFlagsAtOnce_doesNoHarm() {
        listen();
        in(Packet.segment(0xff)); // RST: ignored in LISTEN
        expectNothing();
        established();
        in(Packet.segment(0xff).seq(2)); // RST elsewhere in the window
        expect(ack());
        in(Packet.segment(0).length(10)); // none at all: no ACK
        expectNothing();
        inState(State.ESTABLISHED);
    }
}
