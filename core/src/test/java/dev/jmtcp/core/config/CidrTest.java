package dev.jmtcp.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3/24, 10.1.2.0, 10.1.2.255, 255.255.255.0",
        "10.1.2.3/0, 0.0.0.0, 255.255.255.255, 0.0.0.0",
        "10.1.2.3/32, 10.1.2.3, 10.1.2.3, 255.255.255.255",
        "10.1.2.3/31, 10.1.2.2, 10.1.2.3, 255.255.255.254",
        "172.31.255.1/12, 172.16.0.0, 172.31.255.255, 255.240.0.0"
    })
    void network_ofAddress_followsThePrefix(String text, String network, String last, String mask) {
        Cidr cidr = Cidr.parse(text);

        assertThat(cidr).hasToString(text);
        assertThat(cidr.network()).isEqualTo(Cidr.parseAddress(network));
        assertThat(cidr.last()).isEqualTo(Cidr.parseAddress(last));
        assertThat(cidr.mask()).isEqualTo(Cidr.parseAddress(mask));
        assertThat(cidr.contains(cidr.network())).isTrue();
        assertThat(cidr.contains(cidr.last())).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3/24,10.1.3.0,false",
        "10.1.2.3/24,10.1.2.99,true",
        "10.1.2.3/16,10.1.3.0,true",
        "1.2.3.4/0,9.9.9.9,true"
    })
    void contains_address_comparesThePrefix(String cidr, String address, boolean contains) {
        assertThat(Cidr.parse(cidr).contains(Cidr.parseAddress(address))).isEqualTo(contains);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "10.0.0.1",
                "10.0.0.1/",
                "10.0.0.1/33",
                "10.0.0.1/-1",
                "10.0.0.1/1x",
                "10.0.0/8",
                "1.2.3.4.5/8",
                "1.2.3.a/8",
                "1..2.3/8",
                "0001.2.3.4/8",
                "1.2.3.4/ 8"
            })
    void parse_malformed_isRefused(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
