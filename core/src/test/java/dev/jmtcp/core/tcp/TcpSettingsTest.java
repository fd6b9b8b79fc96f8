package dev.jmtcp.core.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class TcpSettingsTest {

    private static final long SECOND = 1_000_000_000;

    private static void refused(UnaryOperator<TcpSettings.Builder> change, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> change.apply(TcpSettings.DEFAULTS.with()).build())
                .withMessageContaining(message);
    }

    @Test
    void builder_unchanged_givesTheSame() {
        assertThat(TcpSettings.DEFAULTS.with().build()).isEqualTo(TcpSettings.DEFAULTS);
    }

    /** What would fail at the first connection fails at once. */
    @Test
    void timeoutsThatContradictEachOther_areRefused() {
        refused(s -> s.minRto(2 * SECOND), "2000000000 ns at least, 1000000000 ns at first");
        refused(s -> s.maxRto(SECOND / 2), "1000000000 ns at first and 500000000 ns at most");
        refused(s -> s.maxRto(121 * SECOND), "121000000000 ns at most");
        refused(s -> s.minRto(0), "0 ns at least");
        TcpSettings extreme =
                TcpSettings.DEFAULTS.with().minRto(64).initialRto(64).maxRto(64).build();
        assertThat(new RttEstimator(extreme.minRto(), extreme.maxRto(), extreme.initialRto()).rto())
                .isEqualTo(64);
    }

    @Test
    void buffersWithoutRoom_areRefused() {
        refused(s -> s.receiveBuffer(0), "buffers of 0 and");
        refused(s -> s.sendBuffer(-1), "and -1 bytes");
    }
}
