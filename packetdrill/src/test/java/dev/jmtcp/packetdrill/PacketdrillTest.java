package dev.jmtcp.packetdrill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of scripts that do not simply pass. */
class PacketdrillTest {

    private static final String SOCKET = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n";

    private static Outcome run(String text) {
        return new Packetdrill(Profile.RFC).run("script", text);
    }

    private static void fails(String text, int line, String message) {
        assertThat(run(text)).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.line()).isEqualTo(line);
            assertThat(failed.message()).contains(message);
        });
    }

    private static void isUnsupported(String text, int line, String reason) {
        assertThat(run(text)).isInstanceOfSatisfying(Outcome.Unsupported.class, unsupported -> {
            assertThat(unsupported.line()).isEqualTo(line);
            assertThat(unsupported.reason()).contains(reason);
        });
    }

    @Test
    void unknownStatement_run_failsNamingTheLine() {
        fails(SOCKET + "\n+0 ! what\n", 3, "'!'");
    }

    @Test
    void contradictoryNumbers_run_failsNamingTheLine() {
        fails(SOCKET + "+0 < . 1:5(3) ack 1 win 5\n", 2, "contradicts itself");
    }

    @Test
    void openString_run_failsNamingTheLine() {
        fails(SOCKET + "+0 `sysctl\n", 2, "closes");
    }

    @Test
    void unknownOption_run_isUnsupported() {
        isUnsupported(SOCKET + "+0 setsockopt(3, IPPROTO_TCP, TCP_FASTOPEN, [1], 4) = 0\n", 2, "TCP_FASTOPEN");
    }

    @Test
    void settingThatTheStackDoesNotHave_run_isUnsupported() {
        isUnsupported("0 `sysctl net.inet.tcp.rexmit_drop_options=1`\n" + SOCKET, 1, "rexmit_drop_options");
    }

    @Test
    void anyTimeForAPacketThatNeverComes_run_fails() {
        fails(
                SOCKET + "+0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n+0 connect(3, ..., ...) = -1 EINPROGRESS\n"
                        + "+0 > S 0:0(0) <...>\n+.1 < S. 0:0(0) ack 1 win 1000\n+0 > . 1:1(0) ack 1\n"
                        + "+0 setsockopt(3, SOL_SOCKET, SO_KEEPALIVE, [1], 4) = 0\n* > F. 1:1(0) ack 1\n",
                8,
                "nothing was sent");
    }

    @Test
    void unknownVariable_run_isUnsupported() {
        isUnsupported(SOCKET + "+0 %{ assert tcpi_nothing == 1 }%\n", 2, "tcpi_nothing");
    }

    @Test
    void anotherProtocol_run_isUnsupported() {
        isUnsupported("--ip_version=ipv6\n" + SOCKET, 0, "ipv6");
        isUnsupported("0 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 3\n", 1, "SOCK_DGRAM");
    }

    @Test
    void wrongResult_run_failsWithBoth() {
        fails(SOCKET + "+0 listen(3, 1) = 7\n", 2, "expected 7, got 0");
    }

    @Test
    void assertionThatDoesNotHold_run_failsWithTheValue() {
        fails(SOCKET + "+0 %{ assert 3 <= tcpi_state < 5, 'state' }%\n", 2, "tcpi_state = 7");
    }

    @Test
    void callThatWaitsForNothing_run_fails() {
        fails(
                SOCKET + "+0 bind(3, ..., ...) = 0\n+0 listen(3, 1) = 0\n+0...0.5 accept(3, ..., ...) = 4\n",
                0,
                "line 4");
    }

    @Test
    void packetThatNeverComes_run_failsWithWhatWasExpected() {
        fails(SOCKET + "+0 connect(3, ..., ...) = -1 EINPROGRESS\n", 2, "has not returned");
        fails(
                SOCKET + "+0 fcntl(3, F_SETFL, O_NONBLOCK) = 0\n+0 connect(3, ..., ...) = -1 EINPROGRESS\n"
                        + "+0 > S 0:0(0) <...>\n+0 > F. 1:1(0) ack 1\n",
                5,
                "expected  > F. 1:1(0) ack 1");
    }

    @Test
    void sysctlBeforeTheFirstCall_run_isASetting() {
        assertThat(run("`sysctl -q net.ipv4.tcp_timestamps=0 net.ipv4.tcp_sack=0`\n" + SOCKET
                        + "+0 fcntl(3, F_SETFL, O_NONBLOCK) = 0\n+0 connect(3, ..., ...) = -1 EINPROGRESS\n"
                        + "+0 > S 0:0(0) <mss 1460,nop,wscale 3>\n"))
                .isEqualTo(new Outcome.Passed());
    }

    @Test
    void definition_run_standsForItsValue() {
        assertThat(run("--define=PROTO=IPPROTO_TCP\n0 socket(..., SOCK_STREAM, PROTO) = 3\n"))
                .isEqualTo(new Outcome.Passed());
    }

    @Test
    void sameScript_runTwice_endsTheSame() {
        String text = SOCKET + "+0...9 connect(3, ..., ...) = 0\n+0 > S 0:0(0) <...>\n+7 > S 0:0(0) <...>\n";
        assertThat(run(text)).isEqualTo(run(text));
    }

    @Test
    void suite_folder_isRunInOrderAndReported(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("b.pkt"), SOCKET);
        Files.writeString(folder.resolve("a.pkt"), "+0 ! <what>\n");
        Files.writeString(folder.resolve("c.txt"), "not a script");
        List<Path> scripts = Suite.find(List.of(folder));
        List<Suite.Result> told = new ArrayList<>();
        List<Suite.Result> results = Suite.run(new Packetdrill(Profile.LINUX), scripts, 2, told::add);
        assertThat(results).isEqualTo(told);
        assertThat(results)
                .extracting(result -> String.valueOf(result.script().getFileName()))
                .containsExactly("a.pkt", "b.pkt");
        Path report = folder.resolve("junit.xml");
        JunitReport.write(report, results);
        assertThat(Files.readString(report))
                .contains("tests=\"2\" failures=\"1\"")
                .contains("name=\"b.pkt\"");
    }
}
