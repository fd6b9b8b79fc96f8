package dev.jmtcp.apps;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.util.Modules;
import dev.jmtcp.testsupport.Needs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemoCommandTest {

    /** What Wireshark holds against a frame. */
    private static final String BAD_FRAMES =
            "_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0 || tcp.analysis.flags";

    @TempDir
    private Path folder;

    private final ShownText shown = new ShownText();

    private int demo(String arguments) {
        List<String> all =
                new ArrayList<>(List.of("demo", "--capture", capture().toString()));
        all.addAll(List.of(arguments.split(" ", -1)));
        return Network.run(shown, all.toArray(String[]::new));
    }

    private Path capture() {
        return folder.resolve("demo.pcapng");
    }

    private List<String> badFrames() throws IOException, InterruptedException {
        Needs.command("tshark", "tshark");
        Process tshark = new ProcessBuilder(
                        "tshark",
                        "-r",
                        capture().toString(),
                        "-o",
                        "ip.check_checksum:TRUE",
                        "-o",
                        "tcp.check_checksum:TRUE",
                        "-Y",
                        BAD_FRAMES)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream output = tshark.getInputStream()) {
            List<String> lines = new String(output.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(tshark.waitFor()).isZero();
            return lines;
        }
    }

    @Test
    void perfectWire_everyByteIsRight() throws IOException, InterruptedException {
        assertThat(demo("--connections 500")).as(shown.toString()).isZero();

        assertThat(shown.toString())
                .startsWith("500 connections, 64 at a time, to fetch 2048 bytes each; seed 1\n")
                .containsPattern("\\[ ALL ] connect: .* completes: .*\n")
                .contains("500 of 500 complete, 0 with a wrong byte, of 2048 bytes each\n")
                .contains("client     500 established, 500 closed in order, 0 resets, 0 timed out, 0 left\n")
                .contains("server     500 established, 500 closed in order, 0 resets, 0 timed out, 0 left\n")
                .containsPattern("[0-9]+ segments sent, 0 retransmitted")
                .doesNotContainPattern("segments sent, [1-9][0-9]* retransmitted")
                .doesNotContain("drops:")
                .containsPattern("capture {4}.*demo.pcapng: [0-9]+ frames, [0-9.]+ MB, all of the run\n")
                .endsWith("OK: every byte was right, every connection closed in order on both sides\n");
    }

    @Test
    void perfectWire_wiresharkFindsNothingWrong() throws IOException, InterruptedException {
        assertThat(demo("--connections 300 --file-size 20k")).isZero();
        assertThat(badFrames()).isEmpty();
    }

    @Test
    void lossyWire_wiresharkSeesTheRetransmissions() throws IOException, InterruptedException {
        assertThat(demo("--connections 300 --file-size 20k --loss 2%")).isZero();
        assertThat(badFrames()).anyMatch(line -> line.contains("TCP Retransmission"));
    }

    @Test
    void damagedFile_fails() {
        assertThat(demo("--connections 200 --damage")).isEqualTo(1);
        assertThat(shown.toString())
                .contains("200 of 200 complete, 200 with a wrong byte")
                .contains("FAILED: responses with a wrong byte: 200, should be 0\n")
                .doesNotContain("OK:");
    }

    @ParameterizedTest
    @CsvSource({"0, 100", "1, 100", "1000, 2000", "100000, 100", "1m, 20", "70m, 1"})
    void file_ofAnySize_arrives(String size, int connections) {
        assertThat(demo("--connections " + connections + " --file-size " + size))
                .as(shown.toString())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--loss 0.02",
                "--loss 10%",
                "--duplicate 5%",
                "--reorder 5%",
                "--corrupt 5%",
                "--loss 1% --duplicate 1% --reorder 1% --corrupt 1% --jitter 1ms",
                "--bandwidth 10mbit --delay 20ms",
                "--delay 0 --bandwidth 0",
                "--concurrency 1",
                "--concurrency 500",
            })
    void anyWire_everyByteIsRight(String options) {
        assertThat(demo("--connections 300 --file-size 30k " + options))
                .as(shown.toString())
                .isZero();
    }

    @Test
    void sameSeed_sameFrames() throws IOException {
        assertThat(demo("--connections 50 --loss 5% --seed 7")).isZero();
        byte[] first = Files.readAllBytes(capture());
        assertThat(demo("--connections 50 --loss 5% --seed 7")).isZero();
        assertThat(Files.readAllBytes(capture())).isEqualTo(first);
        assertThat(demo("--connections 50 --loss 5% --seed 8")).isZero();
        assertThat(Files.readAllBytes(capture())).isNotEqualTo(first);
    }

    @Test
    void captureSize_endsTheRecordingAndSaysSo() {
        assertThat(demo("--connections 300 --capture-size 100k")).isZero();
        assertThat(shown.toString()).containsPattern("demo.pcapng: [0-9]+ frames, 0.1 MB, the first of [0-9]+\n");
        assertThat(capture())
                .isNotEmptyFile()
                .satisfies(file -> assertThat(Files.size(file)).isLessThanOrEqualTo(100 << 10));
    }

    @Test
    void noCapture_recordsNothing() {
        assertThat(demo("--connections 10 --no-capture")).isZero();
        assertThat(capture()).doesNotExist();
        assertThat(shown.toString()).doesNotContain("capture");
    }

    @Test
    void captureThatCannotBeWritten_fails() {
        assertThat(demo("--connections 10 --capture " + folder.resolve("none/x")))
                .isEqualTo(2);
        assertThat(Network.run(
                        shown,
                        "demo",
                        "--connections",
                        "10",
                        "--capture",
                        folder.resolve("none/x").toString()))
                .isEqualTo(1);
        assertThat(shown.toString()).contains("none/x");
    }

    @Test
    void durationLimit_exceeded_fails() {
        assertThat(demo("--connections 1000000 --no-capture --duration-limit 50ms"))
                .isEqualTo(1);
        assertThat(shown.toString()).contains("FAILED: not done after 0.1 s, the limit\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--connections 0",
                "--connections x",
                "--concurrency 0",
                "--concurrency 60001",
                "--file-size -1",
                "--loss 1.5",
                "--delay 5",
                "--bandwidth fast",
                "--seed x",
                "--capture-size lots",
                "extra"
            })
    void badOption_isUsageError(String option) {
        assertThat(demo(option)).isEqualTo(2);
        assertThat(shown.toString()).contains(option.split(" ", -1)[0]).contains("Usage: jmtcp demo");
    }

    @Test
    void terminal_hasABarThatLinesGoOver() {
        var drawn = new ArrayList<String>();
        var bars = new AbstractModule() {
            @Override
            protected void configure() {
                bind(DemoDisplay.Bars.class)
                        .toInstance(steps -> new ProgressBarBuilder()
                                .setInitialMax(steps)
                                .setConsumer(new DelegatingProgressBarConsumer(drawn::add, 79))
                                .build());
            }
        };
        int exit = Main.commandLine(
                        Guice.createInjector(Modules.override(Main.modules()).with(bars)))
                .setOut(shown.writer())
                .execute("demo", "--connections", "100", "--no-capture");

        assertThat(exit).isZero();
        assertThat(drawn).last().asString().contains("100/100");
        assertThat(shown.toString()).contains("\r\u001b[K[ ALL ] connect: ");
    }
}
