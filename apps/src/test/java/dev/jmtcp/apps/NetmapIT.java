package dev.jmtcp.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
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

/** epserver and epwget as two processes on netmap ports, over the stand-in for netmap's kernel module that driver-netmap's tests compile. */
class NetmapIT {

    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final Path STAND_IN = HOME.resolve("driver-netmap/target/stand-in/libnetmap.so");

    @TempDir
    private Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void kill() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void twoProcesses_onASwitch_everythingArrives() throws IOException, InterruptedException {
        everythingArrives(sample("netmap-server.conf"), sample("netmap-client.conf"));
    }

    @Test
    void twoProcesses_atTheEndsOfAPipe_everythingArrives() throws IOException, InterruptedException {
        everythingArrives(
                sample("netmap-server.conf").replace("vale0:server", "wire{1"),
                sample("netmap-client.conf").replace("vale0:client", "netmap:wire}1"));
    }

    private void everythingArrives(String serverConfig, String clientConfig) throws IOException, InterruptedException {
        assumeTrue(
                Files.exists(STAND_IN),
                "needs " + STAND_IN + ": apt-get install gcc libc6-dev, and build driver-netmap");
        Path www = Files.createDirectory(folder.resolve("www"));
        var content = new byte[1_000_000];
        new Random(7).nextBytes(content);
        Files.write(www.resolve("file"), content);

        var shown = new ShownText();
        Process server = start(serverConfig, "server.conf", shown, "epserver", "-p", www.toString());
        shown.await("CPU 0: initialization finished.");
        var clientShown = new ShownText();
        String saved = folder.resolve("saved").toString();
        Process client = start(clientConfig, "client.conf", clientShown, "epwget", "10.0.0.1/file", "30", "-o", saved);

        assertThat(client.waitFor(60, TimeUnit.SECONDS))
                .as(clientShown.toString())
                .isTrue();
        assertThat(client.exitValue()).as(clientShown.toString()).isZero();
        for (int i = 0; i < 30; i++) {
            assertThat(Path.of(saved + "." + i)).hasBinaryContent(content);
        }
        server.destroy();
        assertThat(server.waitFor(60, TimeUnit.SECONDS)).as(shown.toString()).isTrue();
    }

    private static String sample(String name) throws IOException {
        return Files.readString(HOME.resolve("conf").resolve(name));
    }

    private Process start(String config, String name, ShownText shown, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(HOME.resolve("bin/jmtcp").toString()));
        command.addAll(List.of(arguments));
        command.addAll(
                List.of("-f", Files.writeString(folder.resolve(name), config).toString()));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LD_PRELOAD", STAND_IN.toString());
        builder.environment().put("NETMAP_STANDIN", folder.resolve("state").toString());
        Process process = builder.start();
        processes.add(process);
        Thread.ofPlatform().daemon().start(() -> copy(process, shown));
        return process;
    }

    private static void copy(Process process, ShownText shown) {
        try (Reader output = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
            output.transferTo(shown);
        } catch (IOException _) {
            // the process was ended while this read
        }
    }
}
