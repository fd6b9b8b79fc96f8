package dev.jmtcp.apps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.testsupport.Needs;
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
 * epserver and epwget on the PacketShader I/O engine, of which the psio driver's stand-in is preloaded, against programs that the kernel serves; each time in a
 * network of its own, which ends with its first program.
 */
class PsioIT {

    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final String STACK = "10.9.0.2";
    private static final String KERNEL = "10.9.0.1";
    private static final int PATIENCE_SECONDS = 60;

    /** The card xge0, whose wire leads to the kernel by peer0. That has checksums made, since a frame on a wire has them. */
    private static final String NETWORK = """
            set -e
            [ ! -e /proc/sys/net/ipv6 ] || echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6
            ip link set dev lo up
            ip link add name wire0 type veth peer name peer0
            ip link add name xge0 type veth peer name slow0
            ethtool -K peer0 tx off > /dev/null
            ip address add KERNEL/24 dev peer0
            for name in wire0 peer0 xge0 slow0; do
                ip link set dev $name up
            done
            for name in wire0 peer0 xge0 slow0; do
                for turn in $(seq 200); do
                    ip -o link show dev $name | grep -q 'state UP' && break
                    sleep 0.05
                done
            done
            """.replace("KERNEL", KERNEL);

    private static final String CONFIG = """
            io = psio
            num_cores = 2
            port = xge0
            port.xge0.address = %s/24
            rcvbuf = 64k
            sndbuf = 256k
            max_concurrency = 1000
            max_num_buffers = 1000
            """.formatted(STACK);

    @TempDir
    private Path folder;

    private Path files;
    private Path config;
    private Process first;
    private final ShownText shown = new ShownText();
    private final List<Thread> readers = new ArrayList<>();

    @BeforeEach
    void compileStandIn() throws Exception {
        Needs.netAdmin();
        Needs.command("unshare", "util-linux");
        Needs.command("ip", "iproute2");
        Needs.command("ethtool", "ethtool");
        Needs.command("gcc", "gcc libc6-dev linux-libc-dev");
        files = Files.createDirectory(folder.resolve("files"));
        config = Files.writeString(folder.resolve("psio.conf"), CONFIG);
        Path source = HOME.resolve("driver-psio/src/test/c/psio-standin.c");
        assertRuns(List.of("gcc", "-shared", "-fPIC", "-O2", "-o", standIn(), source.toString()));
    }

    @AfterEach
    void end() throws InterruptedException {
        if (first != null) {
            first.destroyForcibly().waitFor();
        }
        for (Thread reader : readers) {
            reader.join();
        }
    }

    @Test
    void epserver_overPsio_servesCurlByteForByte() throws Exception {
        Needs.command("curl", "curl");
        byte[] large = content("large", 10_000_000);
        begin(jmtcp("epserver", "-f", config.toString(), "-p", files.toString()));
        shown.await("CPU 0: serving");
        shown.await("CPU 1: serving");
        Path fetched = folder.resolve("fetched");
        assertRuns(within("curl", "-sS", "--max-time", "60", "-o", fetched.toString(), "http://" + STACK + "/large"));
        assertThat(fetched).hasBinaryContent(large);

        var many = new ArrayList<>(List.of("curl", "-sS", "--max-time", "60", "--parallel", "--parallel-max", "10"));
        for (int i = 0; i < 50; i++) {
            content("small" + i, 1 + 997 * i);
            many.addAll(List.of("-o", folder.resolve("got" + i).toString(), "http://" + STACK + "/small" + i));
        }
        assertRuns(within(many.toArray(String[]::new)));
        for (int i = 0; i < 50; i++) {
            assertThat(folder.resolve("got" + i)).hasSameBinaryContentAs(files.resolve("small" + i));
        }
    }

    @Test
    void epwget_overPsio_fetchesFromNginxByteForByte() throws Exception {
        Needs.command("nginx", "nginx-light");
        byte[] content = content("file", 300_000);
        Path nginx = Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                user root;
                master_process off;
                pid %1$s/nginx.pid;
                events { worker_connections 1024; }
                http {
                    access_log off;
                    client_body_temp_path %1$s;
                    proxy_temp_path %1$s;
                    server { listen 80; root %2$s; }
                }
                """.formatted(folder, files));
        begin(List.of("nginx", "-e", "stderr", "-p", folder.toString(), "-c", nginx.toString()));
        awaitListener();
        int flows = 100;
        String output = assertRuns(within(jmtcp(
                        "epwget",
                        KERNEL + "/file",
                        Integer.toString(flows),
                        "-c",
                        "20",
                        "-f",
                        config.toString(),
                        "-o",
                        folder.resolve("got").toString())
                .toArray(String[]::new)));
        assertThat(output).doesNotContainPattern("(errors|incompletes): [1-9]");
        for (int i = 0; i < flows; i++) {
            assertThat(folder.resolve("got." + i)).hasBinaryContent(content);
        }
    }

    private byte[] content(String name, int length) throws IOException {
        var content = new byte[length];
        new Random(length).nextBytes(content);
        Files.write(files.resolve(name), content);
        return content;
    }

    /** Makes the network and starts its first program. */
    private void begin(List<String> program) throws IOException, InterruptedException {
        String script = NETWORK + "echo the network is ready\nexec \"$@\"\n";
        var command = new ArrayList<>(List.of("unshare", "--net", "sh", "-c", script, "network"));
        command.addAll(program);
        first = new ProcessBuilder(command).redirectErrorStream(true).start();
        Process process = first;
        readers.add(Thread.ofPlatform().start(() -> copy(process)));
        shown.await("the network is ready");
    }

    private List<String> within(String... program) {
        var command = new ArrayList<>(List.of("nsenter", "--net", "--target", Long.toString(first.pid())));
        command.addAll(List.of(program));
        return command;
    }

    private List<String> jmtcp(String... arguments) {
        var command = new ArrayList<>(List.of(
                "env",
                "LD_PRELOAD=" + standIn(),
                "PSIO_STANDIN=xge0=wire0:2:slow0",
                HOME.resolve("bin/jmtcp").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private String standIn() {
        return folder.resolve("libpsio.so").toString();
    }

    private void awaitListener() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (assertRuns(List.of(
                        "nsenter", "--net", "--target", Long.toString(first.pid()), "ss", "-Hltn", "sport = 80"))
                .isBlank()) {
            assertThat(System.nanoTime()).as(shown.toString()).isLessThan(end);
        }
    }

    private static String assertRuns(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("%s: %s", command, output).isZero();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    private void copy(Process process) {
        try (Reader output = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
            output.transferTo(shown);
        } catch (IOException _) {
            // the process was ended while this read
        }
    }
}
