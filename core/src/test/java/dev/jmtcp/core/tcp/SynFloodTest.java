package dev.jmtcp.core.tcp;

import static dev.jmtcp.core.Allocation.assertNone;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.metrics.Counter;
import dev.jmtcp.core.wire.Address;
import dev.jmtcp.core.wire.TcpHeader;
import dev.jmtcp.testsupport.Requirement;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A million SYNs from as many places (RFC 4987): memory stays bounded, and those who mean it are served. */
class SynFloodTest {

    private static final int PORT = 80;
    private static final int BACKLOG = 128;
    private static final int SYNS_A_RUN = 250_000;

    private final MemorySegment syn;
    private final MemorySegment buffer;
    private int number;
    private long received;

    SynFloodTest() {
        Arena arena = Arena.ofAuto();
        syn = arena.allocate(64);
        buffer = arena.allocate(1 << 16);
    }

    /** Four runs at least, and none of them allocates. */
    @ParameterizedTest
    @EnumSource
    @Requirement("RFC4987-3")
    void millionSyns_othersAreServedAndMemoryIsBounded(TcpSettings.SynCookies cookies) {
        TcpSettings settings = TcpSettings.DEFAULTS
                .with()
                .maxConnections(1000)
                .synCookies(cookies)
                .build();
        try (Pair pair = new Pair(settings)) {
            Listener listener = pair.server.tcp.listen(0, 0, PORT, BACKLOG, pair.server.tcp.options());
            Connection near = pair.connect(PORT);
            settle(pair);
            Connection far = pair.server.tcp.accept(listener);

            assertNone(() -> flood(pair, near, far));

            assertThat(number).isGreaterThanOrEqualTo(4 * SYNS_A_RUN);
            Counter counter =
                    cookies == TcpSettings.SynCookies.OFF ? Counter.TCP_BACKLOG_FULL : Counter.TCP_COOKIES_SENT;
            assertThat(pair.server.count(counter)).isGreaterThan(number - 1000L);
            assertThat(far.state()).isEqualTo(State.ESTABLISHED);
            assertThat(received).isGreaterThan(number / 100L);
            assertThat(pair.server.tcp.connections()).isLessThanOrEqualTo(BACKLOG + 1);
            assertThat(pair.server.wheel.size()).isLessThanOrEqualTo(BACKLOG + 1);

            // In the middle of it somebody connects.
            Connection other = pair.connect(PORT);
            settle(pair);
            assertThat(other.state()).isEqualTo(State.ESTABLISHED);
            assertThat(pair.server.tcp.accept(listener)).isNotNull();

            // And when it is over, what it left goes away by itself.
            for (int i = 0; i < 200; i++) {
                pair.turn(1_000_000);
            }
            assertThat(pair.server.tcp.connections()).isEqualTo(2);
            pair.client.tcp.shutDown();
            pair.server.tcp.shutDown();
            far.detach();
            assertThat(pair.server.tcp.pollEvent()).isNull();
            assertThat(pair.server.chunks.bytesInUse()).isZero();
        }
    }

    private static void settle(Pair pair) {
        for (int i = 0; i < 4; i++) {
            pair.turn(10);
        }
    }

    private void flood(Pair pair, Connection near, Connection far) {
        for (int i = 0; i < SYNS_A_RUN; i++) {
            number++;
            long source = Address.ofIpv4(0x40000000 + number);
            int port = 1024 + number % 60_000;
            TcpHeader.write(syn, 0, port, PORT, number * 0x9e3779b9, 0, TcpHeader.MIN_LENGTH, TcpHeader.SYN, 1000);
            pair.server.tcp.segment(syn, 0, TcpHeader.MIN_LENGTH, 0, source, 0, pair.server.address, 0, pair.now);
            if (i % 64 == 0) {
                pair.client.tcp.write(near, buffer, 0, 100);
                pair.turn(50);
                received += pair.server.tcp.read(far, buffer, 0, 1 << 16);
            }
        }
    }
}
