package dev.jmtcp.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.interop.Network.Connection;
import dev.jmtcp.interop.Network.Opener;
import dev.jmtcp.testsupport.Needs;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the stack sends and gets, as Wireshark sees it. Without offloads, so that all frames are as on a wire. */
abstract class CaptureTests extends Suite {

    private static final int MEGABYTE = 1 << 20;

    @TempDir
    private Path folder;

    CaptureTests(Wire wire, Conditions conditions) {
        super(wire, conditions);
    }

    @Test
    void transfersAndEnds_recorded_areSound() throws IOException {
        Needs.command("socat", "socat");
        Capture capture = record("", network -> {
            for (Opener opener : Opener.values()) {
                Behaviour.transfer(network, opener, 3 * MEGABYTE);
                Behaviour.resetByTheKernel(network, opener);
                Behaviour.resetByTheStack(network, opener);
                Connection connection = network.connection(opener);
                connection.stack().close();
                connection.kernel().close();
            }
            Behaviour.halfCloseByTheKernel(network, MEGABYTE);
            Behaviour.halfCloseByTheStack(network, MEGABYTE);
        });
        assertSound(capture);
        assertThat(capture.frames("tcp.flags.reset==1")).isNotEmpty();
    }

    @Test
    void stallsBothWays_recorded_areSound() throws IOException {
        Capture capture = record("rcvbuf = 64k\nsndbuf = 64k", network -> {
            Behaviour.stallByTheKernel(network, MEGABYTE);
            Behaviour.stallByTheStack(network, MEGABYTE);
        });
        assertSound(capture);
        assertThat(capture.frames("tcp.analysis.zero_window&&ip.src==" + Network.STACK))
                .isNotEmpty();
        assertThat(capture.frames("tcp.analysis.zero_window&&ip.src==" + Network.KERNEL))
                .isNotEmpty();
    }

    @Test
    void requestsOfAbAndWrk_recorded_areSound() throws IOException {
        Needs.command("ab", "apache2-utils");
        Needs.command("wrk", "wrk");
        Content.file(folder.resolve("file"), 1, 20_000);
        assertSound(record("", network -> {
            try (var server = new WebServer(network, folder)) {
                network.kernel.run("ab -q -s 120 -c 50 -n 500 " + WebServer.url("file"));
                HttpTests.assertNoErrors(
                        network.kernel.run("wrk -t 1 -c 8 -d 1s --timeout 60s " + WebServer.url("file")));
                server.drain();
            }
        }));
    }

    /** What happens while frames are recorded. */
    @FunctionalInterface
    private interface Traffic {
        void run(Network network) throws IOException;
    }

    private Capture record(String lines, Traffic traffic) throws IOException {
        Path file = folder.resolve("frames.pcapng");
        Network network =
                setup().withOffload(false).with(lines).with("capture = " + file).open();
        try (network) {
            traffic.run(network);
            network.awaitNoConnections();
        }
        return new Capture(file);
    }

    private void assertSound(Capture capture) throws IOException {
        assertThat(capture.frames("tcp.checksum.status==1&&ip.checksum.status==1"))
                .as("frames with checksums that were looked at")
                .isNotEmpty();
        assertThat(capture.frames("_ws.malformed||_ws.expert.severity==8388608"))
                .as("malformed, or an error")
                .isEmpty();
        // Linux writes ffff for 0000, which is the same sum (RFC 1624 section 3); Wireshark calls that bad.
        assertThat(capture.frames("(tcp.checksum.status==0&&!(tcp.checksum==0xffff&&ip.src==" + Network.KERNEL + "))"
                        + "||ip.checksum.status==0||icmp.checksum.status==0"))
                .as("bad checksums")
                .isEmpty();
        if (conditions == Conditions.CLEAN) {
            // Where segments are sent again cut differently, Wireshark does not know what it has seen; violations()
            // does.
            assertThat(capture.frames("tcp.analysis.ack_lost_segment"))
                    .as("ACKed unseen segment")
                    .isEmpty();
        }
        assertThat(capture.violations())
                .as("data beyond the window, or ACK of what was not sent")
                .isEmpty();
    }
}
