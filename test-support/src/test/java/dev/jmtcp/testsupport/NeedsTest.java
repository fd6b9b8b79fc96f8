package dev.jmtcp.testsupport;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class NeedsTest {

    @Test
    void command_onPath_passes() {
        assertThatCode(() -> Needs.command("sh", "dash")).doesNotThrowAnyException();
    }

    @Test
    void command_missing_abortsWithTheInstallCommand() {
        assertThatThrownBy(() -> Needs.command("no-such-program", "no-such-package"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("apt-get install no-such-package");
    }

    @Test
    void device_missing_abortsWithItsName() {
        assertThatThrownBy(() -> Needs.device(Path.of("/no/such/device")))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("/no/such/device");
    }
}
