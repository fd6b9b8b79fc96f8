package dev.jmtcp.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.bench.load.Load;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandTest {

    private static final List<String> SHORT = List.of("--runs", "1", "--seconds", "0.05", "--warm-up", "0.1");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"w1 --at-once 16", "w2 --connections 16", "w3 --connections 2 --mtu 9000"})
    void workload_againstAllPeers_isVerified(String arguments) throws IOException {
        String workload = arguments.substring(0, 2);
        List<String> all = new ArrayList<>(List.of(arguments.split(" ")));
        all.addAll(SHORT);
        all.addAll(List.of("--peer", "kernel-nio,kernel-nio-threads,kernel-netty", "--folder", folder.toString()));

        int code = run(all);

        assertThat(out.toString())
                .contains(
                        "jmtcp",
                        "kernel-nio ",
                        "kernel-nio-threads ",
                        "kernel-netty-",
                        "times this",
                        "bytes verified",
                        "OK:")
                .doesNotContain("WRONG", "FAILED");
        assertThat(code).isZero();
        assertThat(Files.readString(folder.resolve("bench-" + workload + ".json")))
                .contains("\"workload\": \"" + workload + "\"", "\"first_to_this\": ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "w4 --connections 500",
                "w5 --rate 1000 --connections 8 --runs 1 --seconds 0.1 --warm-up 0.1",
                "w6 --active 50 --idle 500 --peer none --runs 1 --seconds 0.05 --warm-up 0.1",
                "w7 --cores 1,2 --at-once 16 --peer none --runs 1 --seconds 0.05 --warm-up 0.1"
            })
    void workload_ofOneKind_isVerified(String arguments) {
        List<String> all = new ArrayList<>(List.of(arguments.split(" ")));
        all.addAll(List.of("--folder", folder.toString()));

        int code = run(all);

        assertThat(out.toString()).contains("bytes verified", "OK:").doesNotContain("WRONG", "FAILED");
        assertThat(code).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"w9", "w1 --at-once 0", "w1 --peer nobody", "w2 --connections 70000"})
    void arguments_wrong_areRefused(String arguments) {
        int code = run(List.of(arguments.split(" ")));

        assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).isNotEmpty();
    }

    @Test
    void peer_thatNeedsTooManyFiles_isNotRun() {
        assertThat(Peer.KERNEL_NIO.obstacle(new Load.Transactions(1 << 29))).contains("open files");
        assertThat(Peer.NONE.obstacle(new Load.Transactions(1 << 29))).isEmpty();
    }

    @Test
    void peers_thatCannotKeepToASchedule_areNotRun() {
        var load = new Load.Paced(10);
        assertThat(Peer.values())
                .filteredOn(peer -> peer.obstacle(load).isEmpty())
                .containsExactly(Peer.KERNEL_NIO, Peer.NONE);

        int code = run(List.of(
                ("w5 --rate 1000 --connections 8 --runs 1 --seconds 0.05 --warm-up 0.05 --no-files --peer kernel-netty")
                        .split(" ")));

        assertThat(out.toString())
                .contains("kernel-netty not run: ", "  machine ", "  machine-busy ", "times this", "OK:")
                .doesNotContain("one selector");
        assertThat(code).isZero();
    }

    @Test
    void peers_thatOpenNoIdleConnections_areNotRunAmongThem() {
        var load = new Load.PingPong(10, 20);
        assertThat(Peer.values())
                .filteredOn(peer -> peer.obstacle(load).isEmpty())
                .containsExactly(Peer.NONE);
    }

    private int run(List<String> arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
    }
}
