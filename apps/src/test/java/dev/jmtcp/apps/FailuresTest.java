package dev.jmtcp.apps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.core.config.JmtcpConfig;
import dev.jmtcp.spi.DeviceFailedException;
import dev.jmtcp.spi.PacketIoException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class FailuresTest {

    private final StringWriter err = new StringWriter();

    @Command
    private record Failing(Callable<Integer> action) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            return action.call();
        }
    }

    private int run(Callable<Integer> action) {
        return new CommandLine(new Failing(action))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler(new Failures())
                .execute();
    }

    @Test
    void wrongConfiguration_exitsWith2AndTheLine() {
        assertThat(run(() -> JmtcpConfig.parse("\nsack = maybe").numCores())).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("config:2: sack: bad value 'maybe'; expected on or off\n");
    }

    @Test
    void driverThatCannotOpen_exitsWith1AndItsMessage() {
        assertThat(run(() -> {
                    throw new PacketIoException("no huge pages; sysctl vm.nr_hugepages=64");
                }))
                .isEqualTo(1);
        assertThat(err.toString()).isEqualTo("no huge pages; sysctl vm.nr_hugepages=64\n");
    }

    @Test
    void deviceThatGoesAway_exitsWith1AndItsMessage() {
        assertThat(run(() -> {
                    throw new DeviceFailedException("the interface tap0 is gone; open it again");
                }))
                .isEqualTo(1);
        assertThat(err.toString()).isEqualTo("the interface tap0 is gone; open it again\n");
    }

    @Test
    void anythingElse_exitsWith1AndItsKind() {
        assertThat(run(() -> {
                    throw new IllegalStateException("boom");
                }))
                .isEqualTo(1);
        assertThat(err.toString()).isEqualTo("internal error: java.lang.IllegalStateException: boom\n");
    }
}
