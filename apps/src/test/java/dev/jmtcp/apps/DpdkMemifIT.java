package dev.jmtcp.apps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.testsupport.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** epserver and epwget as two processes that share memory by DPDK's memif, with the sample configurations. */
class DpdkMemifIT {

    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final String SAMPLE_SOCKET = "/tmp/jmtcp-memif";

    @TempDir
    private Path folder;

    private final List<Process> programs = new ArrayList<>();

    @AfterEach
    void kill() throws InterruptedException {
        for (Process program : programs) {
            program.destroyForcibly().waitFor();
        }
    }

    @Test
    void twoProcesses_noKernelBetween_everythingArrives() throws IOException, InterruptedException {
        Needs.device(Path.of("/usr/include/dpdk/rte_ethdev.h"));
        var content = new byte[200_000];
        new Random(1).nextBytes(content);
        Path www = Files.createDirectory(folder.resolve("www"));
        Files.write(www.resolve("file"), content);
        Path saved = folder.resolve("saved");
        Process server = start("server.log", "epserver", "-f", sample("dpdk-memif-server.conf"), "-p", www.toString());
        awaitSocket(server);

        Process client = start(
                "client.log",
                "epwget",
                "10.0.0.1/file",
                "100",
                "-c",
                "10",
                "-o",
                saved.toString(),
                "-f",
                sample("dpdk-memif-client.conf"));

        assertThat(client.waitFor(90, TimeUnit.SECONDS))
                .as(output("client.log"))
                .isTrue();
        assertThat(output("client.log")).contains("[CPU 0] Completed 100 connections, errors: 0 incompletes: 0\n");
        assertThat(client.exitValue()).isZero();
        for (int i = 0; i < 100; i++) {
            assertThat(Path.of(saved + "." + i)).hasBinaryContent(content);
        }
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(server.pid()))
                        .start()
                        .waitFor())
                .isZero();
        assertThat(server.waitFor(60, TimeUnit.SECONDS))
                .as(output("server.log"))
                .isTrue();
        assertThat(output("server.log")).contains("Served 100 requests on 100 connections, broken: 0, cut off: 0\n");
    }

    /** The client needs the server's socket when it starts. */
    private void awaitSocket(Process server) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(folder.resolve("memif"))) {
            assertThat(server.isAlive() && System.nanoTime() < end)
                    .as(output("server.log"))
                    .isTrue();
            Thread.sleep(10);
        }
    }

    private Process start(String log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(HOME.resolve("bin/jmtcp").toString()));
        command.addAll(List.of(arguments));
        Process program = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(log).toFile())
                .start();
        programs.add(program);
        return program;
    }

    private String output(String log) throws IOException {
        return Files.readString(folder.resolve(log), StandardCharsets.UTF_8);
    }

    /** A sample configuration, on a socket of this test's own. */
    private String sample(String name) throws IOException {
        String sample = Files.readString(HOME.resolve("conf").resolve(name));
        assertThat(sample).contains(SAMPLE_SOCKET);
        String own = sample.replace(SAMPLE_SOCKET, folder.resolve("memif").toString());
        return Files.writeString(folder.resolve(name), own).toString();
    }
}
