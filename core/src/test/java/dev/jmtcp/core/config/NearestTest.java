package dev.jmtcp.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

    @ParameterizedTest
    @CsvSource({"'','',0", "abc,abc,0", "abc,'',3", "abc,abd,1", "abc,acb,1", "abc,bc,1", "kitten,sitting,3"})
    void distance_ofWords_countsEdits(String one, String other, int distance) {
        assertThat(Nearest.distance(one, other)).isEqualTo(distance);
        assertThat(Nearest.distance(other, one)).isEqualTo(distance);
    }

    @Test
    void oneOf_nearWords_suggestsThemNearestFirst() {
        assertThat(Nearest.oneOf("dpkd", List.of("tap", "dpdk", "dodk"))).isEqualTo("one of dpdk, dodk");
        assertThat(Nearest.oneOf("dpd", List.of("dpdk", "netmap"))).isEqualTo("dpdk");
    }

    @Test
    void oneOf_nothingNear_listsAll() {
        assertThat(Nearest.oneOf("infiniband", List.of("tap", "dpdk"))).isEqualTo("one of dpdk, tap");
        assertThat(Nearest.oneOf("tap", List.of())).isEqualTo("nothing: there are none");
    }
}
