package dev.jmtcp.apps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.testsupport.Namespace;
import dev.jmtcp.testsupport.Needs;
import java.io.BufferedReader;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * epserver and epwget as network functions of the manager of openNetVM that driver-onvm's tests have, in a network of their own and with
 * the sample configurations.
 */
class OnvmIT {

    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final String PREFIX = "jmtcp-it-" + ProcessHandle.current().pid();

    @TempDir
    private Path folder;

    private Path www;
    private Namespace network;
    private Process manager;
    private BufferedReader answers;

    @BeforeEach
    void makeNetwork() throws IOException {
        Needs.netAdmin();
        Needs.command("gcc", "gcc libc6-dev");
        Needs.device(Path.of("/usr/include/dpdk/rte_ethdev.h"));
        Needs.hugepages(128);
        www = Files.createDirectory(folder.resolve("www"));
        network = Namespace.make();
    }

    @AfterEach
    void end() throws Exception {
        if (manager != null) {
            manager.getOutputStream().close();
            assertThat(manager.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        if (network != null) {
            network.close();
        }
    }

    @Test
    void clientAndServer_throughTheManager_everythingArrives() throws Exception {
        byte[] content = content("file", 200_000);
        start("");
        var shown = new ShownText();
        Process server = jmtcp(sample("onvm-server.conf"), shown, "epserver", "-p", www.toString());
        shown.await("CPU 0: initialization finished.");
        Path saved = folder.resolve("saved");
        var clientShown = new ShownText();

        Process client = jmtcp(
                sample("onvm-client.conf"),
                clientShown,
                "epwget",
                "10.0.0.1/file",
                "50",
                "-c",
                "10",
                "-o",
                saved.toString());

        assertExits(client, 0, clientShown);
        assertThat(clientShown.toString()).contains("[CPU 0] Completed 50 connections, errors: 0 incompletes: 0\n");
        for (int i = 0; i < 50; i++) {
            assertThat(Path.of(saved + "." + i)).hasBinaryContent(content);
        }
        interrupt(server);
        assertExits(server, 0, shown);
        assertThat(shown.toString()).contains("Served 50 requests on 50 connections, broken: 0, cut off: 0\n");
        awaitNothingLeft();
    }

    @Test
    void server_outOfThePort_servesCurl() throws Exception {
        network.run("ip link add name veth0 type veth peer name veth1");
        network.run("ip addr add 10.0.0.2/24 dev veth1");
        network.run("ip link set dev veth0 up");
        network.run("ip link set dev veth1 up");
        network.run("ethtool --offload veth1 tx off tso off gso off");
        byte[] small = content("small", 100);
        byte[] large = content("large", 3_000_000);
        start("--vdev net_af_packet0,iface=veth0");
        var shown = new ShownText();
        Process server =
                jmtcp(sample("onvm-server.conf").replace("onvm_dest = 2", ""), shown, "epserver", "-p", www.toString());
        shown.await("CPU 0: initialization finished.");
        for (int i = 0; i < 3; i++) {
            Path got = folder.resolve("got" + i);
            network.run("curl -sS --fail --max-time 30 --output " + got + "-large http://10.0.0.1/large --output " + got
                    + "-small http://10.0.0.1/small");
            assertThat(Path.of(got + "-large")).hasBinaryContent(large);
            assertThat(Path.of(got + "-small")).hasBinaryContent(small);
        }
        interrupt(server);
        assertExits(server, 0, shown);
        awaitNothingLeft();
    }

    @Test
    void managerThatIsKilled_endsTheServerWithAReason() throws Exception {
        long pid = start("");
        var shown = new ShownText();
        Process server = jmtcp(sample("onvm-server.conf"), shown, "epserver", "-p", www.toString());
        shown.await("CPU 0: initialization finished.");

        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);

        assertExits(server, 1, shown);
        assertThat(shown.toString()).contains("openNetVM manager is gone");
    }

    /** Starts the manager; its process id. */
    private long start(String devices) throws IOException {
        Process started = network.startWithErrorsApart(
                (HOME.resolve("driver-onvm/src/test/c/onvm-manager") + " " + PREFIX + " " + devices).strip()
                        + " -- period=20");
        manager = started;
        answers = started.inputReader();
        String ready = answers.readLine();
        assertThat(ready).startsWith("ready ");
        return Long.parseLong(ready.substring("ready ".length()));
    }

    private void awaitNothingLeft() throws IOException {
        String state = "";
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                !state.startsWith("buffers=0 ") || state.contains(":");
                state = state()) {
            assertThat(System.nanoTime()).as(state).isLessThan(end);
        }
        assertThat(state).contains(" messages=0 lost=0 ");
    }

    private String state() throws IOException {
        manager.outputWriter().write("state\n");
        manager.outputWriter().flush();
        return answers.readLine();
    }

    private byte[] content(String name, int length) throws IOException {
        var content = new byte[length];
        new Random(length).nextBytes(content);
        Files.write(www.resolve(name), content);
        return content;
    }

    /** A sample configuration, with this test's manager. */
    private static String sample(String name) throws IOException {
        return Files.readString(HOME.resolve("conf").resolve(name)) + "onvm.file_prefix = " + PREFIX + "\n";
    }

    private Process jmtcp(String config, ShownText shown, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(HOME.resolve("bin/jmtcp").toString()));
        command.addAll(List.of(arguments));
        Path file = Files.createTempFile(folder, "onvm", ".conf");
        command.addAll(List.of("-f", Files.writeString(file, config).toString()));
        Process process = network.start(String.join(" ", command));
        Thread.ofPlatform().daemon().start(() -> copy(process, shown));
        return process;
    }

    /** As ^C does, once: what runs the program would pass a signal on twice. */
    private static void interrupt(Process process) throws Exception {
        long pid = process.children().findFirst().orElseThrow().pid();
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void assertExits(Process process, int code, ShownText shown) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(shown.toString()).isTrue();
        assertThat(process.exitValue()).as(shown.toString()).isEqualTo(code);
    }

    private static void copy(Process process, ShownText shown) {
        try (Reader output = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
            output.transferTo(shown);
        } catch (IOException _) {
            // the process was ended while this read
        }
    }
}
