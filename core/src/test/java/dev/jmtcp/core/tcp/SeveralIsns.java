package dev.jmtcp.core.tcp;

import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Does the tests of a class with several initial sequence numbers, so that numbers wrap in the handshake, the data and the FIN, in each direction. */
@ParameterizedClass(name = "iss {0}, irs {1}")
@MethodSource("isns")
abstract class SeveralIsns extends TcpFixture {

    @Parameter(0)
    int ourIsn;

    @Parameter(1)
    int peerIsn;

    static Stream<Arguments> isns() {
        return Stream.of(
                Arguments.of(1_000_000, 5_000_000),
                Arguments.of(-1, -1), // the first byte has number 0
                Arguments.of(-2, -1_000),
                Arguments.of(-1_461, 0x7fff_ffff),
                Arguments.of(0x7fff_fffe, -2_921),
                Arguments.of(0, 0));
    }

    @BeforeEach
    void numbers() {
        iss = ourIsn;
        irs = peerIsn;
    }
}
