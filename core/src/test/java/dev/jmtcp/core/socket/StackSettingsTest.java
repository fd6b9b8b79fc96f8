package dev.jmtcp.core.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.core.stack.StackConfig;
import dev.jmtcp.spi.Capabilities;
import dev.jmtcp.spi.MacAddress;
import dev.jmtcp.spi.Port;
import java.util.List;
import org.junit.jupiter.api.Test;

class StackSettingsTest {

    private static StackConfig of(String text) {
        return StackSettings.of(
                JmtcpConfig.parse("num_cores = 1\nport = p\nport.p.address = 10.0.0.1/24\n" + text),
                List.of(new Port(0, "p", new MacAddress(0x020000000001L), 1500, 0, Capabilities.NONE)));
    }

    @Test
    void burst_given_isThatOfTheStack() {
        assertThat(of("").burst()).isEqualTo(StackConfig.DEFAULT_BURST);
        assertThat(of("burst = 7").burst()).isEqualTo(7);
    }

    @Test
    void largestBuffers_given_doNotOverflow() {
        assertThat(of("rcvbuf = 1g\nsndbuf = 1g\nmax_num_buffers = 3").bufferBytes())
                .isEqualTo(3L << 31);
    }

    @Test
    void tcpTimeout_off_isNever() {
        assertThat(of("tcp_timeout = -1").tcp().idleTimeout()).isNegative();
        assertThat(of("tcp_timeout = 3").tcp().idleTimeout()).isEqualTo(3_000_000_000L);
    }
}
