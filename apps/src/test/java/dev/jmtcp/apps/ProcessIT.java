package dev.jmtcp.apps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** epserver and epwget as two processes on a wire in shared memory, started by bin/jmtcp with the sample configurations. */
class ProcessIT {

    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final String SAMPLE_WIRE = "/dev/shm/jmtcp-wire";

    /** 128 + SIGINT. */
    private static final int INTERRUPTED = 130;

    @TempDir
    private Path folder;

    private final List<Program> programs = new ArrayList<>();
    private Path www;

    /** A program that runs. */
    private static final class Program {

        final Process process;
        final ShownText shown = new ShownText();
        private final Thread reader;

        Program(List<String> command) throws IOException {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            reader = Thread.ofPlatform().start(this::read);
        }

        private void read() {
            try (Reader output = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
                output.transferTo(shown);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void signal(String name) throws IOException, InterruptedException {
            var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            assertThat(kill.waitFor()).isZero();
        }

        int exit() throws InterruptedException {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as(shown.toString())
                    .isTrue();
            reader.join();
            return process.exitValue();
        }
    }

    @BeforeEach
    void create() throws IOException {
        www = Files.createDirectory(folder.resolve("www"));
    }

    @AfterEach
    void kill() throws InterruptedException {
        for (Program program : programs) {
            program.process.destroyForcibly().waitFor();
        }
    }

    private Program start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(HOME.resolve("bin/jmtcp").toString()));
        command.addAll(List.of(arguments));
        var program = new Program(command);
        programs.add(program);
        return program;
    }

    /** A sample configuration, on a wire of this test's own. */
    private String sample(String name) throws IOException {
        String sample = Files.readString(HOME.resolve("conf").resolve(name));
        assertThat(sample).contains(SAMPLE_WIRE);
        String own = sample.replace(SAMPLE_WIRE, folder.resolve("wire").toString());
        return Files.writeString(folder.resolve(name), own).toString();
    }

    private Program server() throws IOException, InterruptedException {
        Program server = start("epserver", "-f", sample("sim-server.conf"), "-p", www.toString());
        server.shown.await("CPU 0: initialization finished.");
        return server;
    }

    private byte[] file(int size) throws IOException {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        Files.write(www.resolve("file"), bytes);
        return bytes;
    }

    @Test
    void twoProcesses_everythingArrives_interruptEndsTheServer() throws IOException, InterruptedException {
        byte[] content = file(100_000);
        Program server = server();
        String saved = folder.resolve("saved").toString();
        Program client = start("epwget", "10.0.0.1/file", "30", "-o", saved, "-f", sample("sim-client.conf"));

        assertThat(client.exit()).as(client.shown.toString()).isZero();
        assertThat(client.shown.toString()).contains("[CPU 0] Completed 30 connections, errors: 0 incompletes: 0\n");
        for (int i = 0; i < 30; i++) {
            assertThat(Path.of(saved + "." + i)).hasBinaryContent(content);
        }
        server.signal("INT");
        assertThat(server.exit()).as(server.shown.toString()).isZero();
        assertThat(server.shown.toString()).contains("Served 30 requests on 30 connections, broken: 0, cut off: 0\n");
    }

    @Test
    void secondClient_afterOneThatWasKilled_isServed() throws IOException, InterruptedException {
        file(10_000_000);
        Program server = server();
        Program first = start("epwget", "10.0.0.1/file", "1000000", "-f", sample("sim-client.conf"));
        first.shown.await("Response size set to");
        first.process.destroyForcibly().waitFor();

        Program second = start("epwget", "10.0.0.1/file", "5", "-f", sample("sim-client.conf"));

        assertThat(second.exit()).as(second.shown.toString()).isZero();
        assertThat(server.process.isAlive()).isTrue();
    }

    @Test
    void secondInterrupt_endsTheServerAtOnce() throws IOException, InterruptedException {
        file(50_000_000);
        Program server = server();
        Program client = start("epwget", "10.0.0.1/file", "1000000", "-c", "1", "-f", sample("sim-client.conf"));
        client.shown.await("Response size set to");
        client.signal("STOP"); // in the middle of a transfer, or before the next
        server.signal("INT");
        server.shown.await("Ending");
        server.signal("INT");

        assertThat(server.exit()).isEqualTo(INTERRUPTED);
    }

    /** As service managers end it. */
    @Test
    void termination_inTheMiddleOfATransfer_endsTheServerWhenItIsDone() throws IOException, InterruptedException {
        byte[] content = file(50_000_000);
        Program server = server();
        String saved = folder.resolve("saved").toString();
        Program client = start("epwget", "10.0.0.1/file", "1", "-o", saved, "-f", sample("sim-client.conf"));
        client.shown.await("Response size set to");
        server.signal("TERM");

        assertThat(server.exit()).as(server.shown.toString()).isZero();
        assertThat(server.shown.toString()).contains("Served 1 requests on 1 connections, broken: 0, cut off: 0\n");
        assertThat(client.exit()).as(client.shown.toString()).isZero();
        assertThat(Path.of(saved + ".0")).hasBinaryContent(content);
    }

    @Test
    void interrupt_ofTheClient_endsItWithWhatItHas() throws IOException, InterruptedException {
        file(1000);
        server();
        Program client = start("epwget", "10.0.0.1/file", "1000000000", "-f", sample("sim-client.conf"));
        client.shown.await("Response size set to");
        client.signal("INT");

        assertThat(client.exit()).isEqualTo(1);
        assertThat(client.shown.toString()).containsPattern("\\[CPU 0] Completed [0-9]+ connections, errors: 0");
    }
}
