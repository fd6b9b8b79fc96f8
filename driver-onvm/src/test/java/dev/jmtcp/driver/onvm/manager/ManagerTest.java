package dev.jmtcp.driver.onvm.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The manager for tests by itself: it starts, ends and leaves nothing. */
class ManagerTest {

    @Test
    void end_nothingIsLeft() throws Exception {
        try (Manager manager = Manager.start("net_null0", "period=5")) {
            assertThat(manager.state().functions()).isEmpty();
            assertThat(manager.state().lost()).isZero();
            assertThat(Path.of("/run/dpdk", manager.prefix())).exists();
            manager.end();
            assertThat(Path.of("/run/dpdk", manager.prefix())).doesNotExist();
            assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(manager.prefix());
            assertThatThrownBy(manager::state).isInstanceOf(IOException.class);
        }
    }

    @Test
    void stop_noSuchFunction_isRefused() throws Exception {
        try (Manager manager = Manager.start()) {
            assertThatThrownBy(() -> manager.stop(1)).hasMessageContaining("refused");
        }
    }
}
