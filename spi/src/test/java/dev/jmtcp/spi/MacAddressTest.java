package dev.jmtcp.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MacAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"02:0a:00:00:00:ff", "02-0A-00-00-00-FF", "2:a:0:0:0:ff", "  02:0a:00:00:00:ff "})
    void parse_octets_firstIsHighest(String text) {
        assertThat(MacAddress.parse(text).bits()).isEqualTo(0x020a_0000_00ffL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "02:00:00:00:00",
                "02:00:00:00:00:00:00",
                "02:00:00:00:00:",
                "02:00:00:00:00:g0",
                "02:00:00:00:00:100",
                "02:00:00:00:00:-1",
                "02:00:00:00:00:+1",
                "020000000001"
            })
    void parse_notSixOctets_isRefusedWithTheText(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MacAddress.parse(text))
                .withMessageContaining("not a MAC address: " + text);
    }

    @Test
    void toString_anyAddress_isWhatParseReads() {
        var mac = new MacAddress(0x020a_0000_00ffL);

        assertThat(mac).hasToString("02:0a:00:00:00:ff");
        assertThat(MacAddress.parse(mac.toString())).isEqualTo(mac);
        assertThat(MacAddress.BROADCAST).hasToString("ff:ff:ff:ff:ff:ff");
    }

    @Test
    void isGroup_lowestBitOfFirstOctet_decides() {
        assertThat(MacAddress.BROADCAST.isGroup()).isTrue();
        assertThat(MacAddress.parse("01:00:5e:00:00:01").isGroup()).isTrue();
        assertThat(MacAddress.parse("02:00:00:00:00:01").isGroup()).isFalse();
        assertThat(MacAddress.parse("fe:ff:ff:ff:ff:ff").isGroup()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {0x1_0000_0000_0000L, -1, Long.MIN_VALUE})
    void bits_moreThanFortyEight_areRefused(long bits) {
        assertThatIllegalArgumentException().isThrownBy(() -> new MacAddress(bits));
    }
}
