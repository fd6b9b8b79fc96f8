package dev.jmtcp.driver.onvm.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What cannot be joined says why, and the program lives on. Each in a process of its own. */
class JoinTest {

    @Test
    void noManager_isSaid() throws IOException {
        Manager.need();
        try (Member member = Member.start("jmtcp-nobody", "onvm_serv=1")) {
            assertThat(member.expect("refused")).contains("onvm_mgr");
            member.end();
        }
    }

    @Test
    void managerOfAnotherLayout_isRefused() throws IOException {
        try (Manager manager = Manager.start("record=192");
                Member member = Member.start(manager, "onvm_serv=1")) {
            assertThat(member.expect("refused")).contains("openNetVM", "21.10");
            member.end();
            assertThat(manager.state().functions()).isEmpty();
        }
    }

    @Test
    void managerWithoutMeta_isRefused() throws IOException {
        try (Manager manager = Manager.start("meta=0");
                Member member = Member.start(manager, "onvm_serv=1")) {
            assertThat(member.expect("refused")).contains("onvm_pkt_meta_dynfield");
            member.end();
            assertThat(manager.state().functions()).isEmpty();
        }
    }

    /** With one core it is taken. */
    @Test
    void severalCores_outOfAPortThatDoesNotHash_areRefused() throws IOException {
        try (Manager manager = Manager.start("net_ring0", "period=5");
                Member two = Member.start(manager, "queues=2", "onvm_serv=1");
                Member one = Member.start(manager, "queues=1", "onvm_serv=1")) {
            assertThat(two.expect("refused")).contains("dpdk0", "does not hash TCP", "num_cores = 1");
            two.end();
            one.expect("open");
            one.expect("received");
            one.leave();
            one.end();
        }
    }

    @Test
    void managerWithFewerServices_isAskedForOneThatItHas() throws IOException {
        try (Manager manager = Manager.start("period=5", "services=8");
                Member beyond = Member.start(manager, "onvm_serv=8", "onvm_dest=1");
                Member last = Member.start(manager, "onvm_serv=7", "onvm_dest=7")) {
            assertThat(beyond.expect("refused")).contains("service 8", "1 to 7", "-r 9");
            beyond.end();
            last.expect("open");
            last.expect("received");
            last.leave();
            last.end();
        }
    }
}
