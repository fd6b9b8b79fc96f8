package dev.jmtcp.driver.onvm.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What becomes of network functions, and of what they share, when one of them or the manager dies or ends. */
class DeathTest {

    /** The most buffers that a network function has in its hands: those being sent or received, and a supply. */
    private static final int MOST_LOST = 1024;

    @Test
    void kill_networkFunction_othersGoOn_andAnotherTakesItsPlace() throws IOException {
        try (Manager manager = Manager.start("period=5");
                Member near = Member.start(manager, "onvm_serv=1", "onvm_dest=2");
                Member far = Member.start(manager, "onvm_serv=2", "onvm_dest=1", "onvm_inst=9")) {
            near.expect("open");
            far.expect("open");
            near.expect("received");
            far.expect("received");

            far.kill();

            assertThat(manager.state().functions().get(9).state())
                    .as("the manager does not notice")
                    .isEqualTo(State.RUNNING);
            long before = sentBy(manager, 1);
            manager.await("the other goes on", _ -> sentBy(manager, 1) > before + 1000);
            manager.bury(9);
            try (Member again = Member.start(manager, "onvm_serv=2", "onvm_dest=1", "onvm_inst=9")) {
                again.expect("open");
                again.expect("received");
                again.leave();
                again.end();
            }
            near.leave();
            near.end();
            State rest =
                    manager.await("all have gone", state -> state.functions().isEmpty());
            assertThat(rest.buffers()).as("buffers lost with the dead").isBetween(0, MOST_LOST);
            assertThat(rest.messages()).isZero();
        }
    }

    @Test
    void interrupt_networkFunction_leavesNothing() throws IOException {
        try (Manager manager = Manager.start("period=5");
                Member member = Member.start(manager, "onvm_serv=1", "onvm_dest=1")) {
            member.expect("open");
            member.expect("received");
            member.interrupt();
            State rest = manager.await("it has gone", state -> state.functions().isEmpty());
            assertThat(rest.buffers()).isBetween(0, MOST_LOST);
            assertThat(rest.messages()).isZero();
        }
    }

    @Test
    void kill_manager_isSaid() throws IOException {
        try (Manager manager = Manager.start("period=5");
                Member near = Member.start(manager, "onvm_serv=1", "onvm_dest=2");
                Member far = Member.start(manager, "onvm_serv=2", "onvm_dest=1")) {
            near.expect("open");
            far.expect("open");
            near.expect("received");
            far.expect("received");

            manager.kill();

            assertThat(near.expect("failed")).contains("manager");
            assertThat(far.expect("failed")).contains("manager");
            near.end();
            far.end();
        }
    }

    @Test
    void end_manager_hasThemStopFirst() throws IOException {
        try (Manager manager = Manager.start("period=5");
                Member member = Member.start(manager, "onvm_serv=1", "onvm_dest=1")) {
            member.expect("open");
            member.expect("received");

            manager.end();

            assertThat(member.expect("failed")).contains("manager");
            member.end();
        }
    }

    private static long sentBy(Manager manager, int service) {
        try {
            return manager.state().functions().values().stream()
                    .filter(function -> function.service() == service)
                    .mapToLong(State.Function::tx)
                    .sum();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
