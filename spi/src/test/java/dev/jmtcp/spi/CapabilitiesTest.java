package dev.jmtcp.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {

    private static final Rss RSS = Rss.roundRobin(Toeplitz.symmetricKey(), 128, 4);

    @Test
    void none_hasNoOffloadAndOneQueue() {
        for (Offload offload : Offload.values()) {
            assertThat(Capabilities.NONE.has(offload)).as("%s", offload).isFalse();
        }
        assertThat(Capabilities.NONE.maxQueues()).isEqualTo(1);
        assertThat(Capabilities.NONE.maxTsoFrame()).isZero();
        assertThat(Capabilities.NONE.rss()).isEmpty();
    }

    @Test
    void offloads_listed_areThereAndNoOther() {
        var capabilities = new Capabilities(Set.of(Offload.RSS, Offload.TCP_SEGMENTATION), 4, 65_535, Optional.of(RSS));

        assertThat(capabilities.has(Offload.RSS)).isTrue();
        assertThat(capabilities.has(Offload.TCP_SEGMENTATION)).isTrue();
        assertThat(capabilities.has(Offload.TX_TCP_CHECKSUM)).isFalse();
    }

    @Test
    void offloads_changedLater_changeNothing() {
        var offloads = EnumSet.of(Offload.TX_TCP_CHECKSUM);
        var capabilities = new Capabilities(offloads, 1, 0, Optional.empty());
        offloads.clear();

        assertThat(capabilities.has(Offload.TX_TCP_CHECKSUM)).isTrue();
    }

    @Test
    void rss_withoutParametersOrUnlisted_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Capabilities(Set.of(Offload.RSS), 4, 0, Optional.empty()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Capabilities(Set.of(), 4, 0, Optional.of(RSS)));
    }

    @Test
    void segmentation_withoutLongestFrameOrUnlisted_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Capabilities(Set.of(Offload.TCP_SEGMENTATION), 1, 0, Optional.empty()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Capabilities(Set.of(), 1, 65_535, Optional.empty()));
    }

    @Test
    void maxQueues_belowOne_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Capabilities(Set.of(), 0, 0, Optional.empty()));
    }
}
