package dev.jmtcp.driver.netmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jmtcp.driver.netmap.PortName.Kind;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PortNameTest {

    @Test
    void parse_namesOfAllKinds_areToldApart() {
        assertThat(PortName.parse("eth0")).isEqualTo(card("eth0"));
        assertThat(PortName.parse("enp3s0f1.100")).isEqualTo(card("enp3s0f1.100"));
        assertThat(PortName.parse("eth0^")).isEqualTo(new PortName(Kind.HOST, "eth0", Optional.of("eth0")));
        assertThat(PortName.parse("vale0:1")).isEqualTo(new PortName(Kind.VALE, "vale0:1", Optional.empty()));
        assertThat(PortName.parse("vale_lab:web-1"))
                .isEqualTo(new PortName(Kind.VALE, "vale_lab:web-1", Optional.empty()));
        assertThat(PortName.parse("x{1")).isEqualTo(new PortName(Kind.PIPE, "x{1", Optional.empty()));
        assertThat(PortName.parse("x}1")).isEqualTo(new PortName(Kind.PIPE, "x}1", Optional.empty()));
        assertThat(PortName.parse("vale0:1{web")).isEqualTo(new PortName(Kind.PIPE, "vale0:1{web", Optional.empty()));
    }

    @Test
    void parse_prefixOfTheTools_isTakenOff() {
        assertThat(PortName.parse("netmap:eth0")).isEqualTo(card("eth0"));
        assertThat(PortName.parse("netmap:vale0:1")).isEqualTo(PortName.parse("vale0:1"));
        assertThat(PortName.parse("netmap:x}1")).isEqualTo(PortName.parse("x}1"));
    }

    @Test
    void parse_whatNamesNoPort_isRefused() {
        for (String text : new String[] {
            "",
            "all",
            "netmap:",
            "netmap:all",
            "netmap:netmap:eth0",
            "vale0",
            "vale0:",
            "vale 0:1",
            "vale0:1:2",
            "vale-0:1",
            "{1",
            "x{",
            "x{1}2",
            "eth0*",
            "eth0/R",
            "^",
            "..",
            "../eth0",
            "aninterfacenametoolong",
            "eth0@conf",
            "aninterfacenametoolong{1",
            "vale0:" + "x".repeat(60),
        }) {
            assertThatThrownBy(() -> PortName.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void mode_byKindAndCores_namesTheRings() {
        assertThat(PortName.parse("eth0").mode(1)).isEqualTo(Netmap.REG_ALL_NIC);
        assertThat(PortName.parse("eth0").mode(2)).isEqualTo(Netmap.REG_ONE_NIC);
        assertThat(PortName.parse("eth0^").mode(1)).isEqualTo(Netmap.REG_SW);
        assertThat(PortName.parse("vale0:1").mode(1)).isEqualTo(Netmap.REG_ALL_NIC);
    }

    private static PortName card(String name) {
        return new PortName(Kind.CARD, name, Optional.of(name));
    }
}
