package dev.jmtcp.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

    @Test
    void ofIpv4_highBitSet_isMappedNotSignExtended() {
        long low = Address.ofIpv4(0xc0a8_00fe);

        assertThat(low).isEqualTo(0x0000_ffff_c0a8_00feL);
        assertThat(Address.isIpv4(0, low)).isTrue();
        assertThat(Address.ipv4(low)).isEqualTo(0xc0a8_00fe);
    }

    @Test
    void isIpv4_otherPrefix_isFalse() {
        assertThat(Address.isIpv4(1, Address.ofIpv4(1))).isFalse();
        assertThat(Address.isIpv4(0, 0xc0a8_00feL)).isFalse();
        assertThat(Address.isIpv4(0, -1)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "192.168.0.254", "255.255.255.255", "2001:db8::ff00:1", "fe80::1", "::1"})
    void toInetAddress_ofItsHalves_isTheSame(String text) throws UnknownHostException {
        InetAddress address = InetAddress.getByName(text);

        assertThat(Address.toInetAddress(Address.high(address), Address.low(address)))
                .isEqualTo(address);
        assertThat(Address.toString(Address.high(address), Address.low(address)))
                .isEqualTo(address.getHostAddress());
    }
}
