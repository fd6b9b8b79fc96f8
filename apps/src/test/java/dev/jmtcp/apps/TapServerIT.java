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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** conf/tap-server.conf, as its first lines say, in a network namespace of its own. */
class TapServerIT {

    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    @Test
    void epserver_overTap_printsTheCurlLineThatWorks() throws IOException, InterruptedException {
        Needs.netAdmin();
        Needs.device(Path.of("/dev/net/tun"));
        Needs.command("unshare", "util-linux");
        Needs.command("curl", "curl");
        Path www = Files.createDirectory(folder.resolve("www"));
        var content = new byte[10_000_000];
        new Random(1).nextBytes(content);
        Files.write(www.resolve("file"), content);

        Process server = new ProcessBuilder(
                        "unshare",
                        "--net",
                        HOME.resolve("bin/jmtcp").toString(),
                        "epserver",
                        "-f",
                        HOME.resolve("conf/tap-server.conf").toString(),
                        "-p",
                        www.toString())
                .redirectErrorStream(true)
                .start();
        var shown = new ShownText();
        Thread reader = Thread.ofPlatform().start(() -> copy(server, shown));
        try {
            shown.await("curl http://10.9.0.2/file\n");
            Path fetched = folder.resolve("fetched");
            var command = new ArrayList<>(List.of("nsenter", "--net", "--target", Long.toString(server.pid())));
            command.addAll(List.of("curl http://10.9.0.2/file".split(" ", -1)));
            command.addAll(List.of("--silent", "--show-error", "--max-time", "60", "--output", fetched.toString()));
            Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
            String complaint = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(curl.waitFor()).as(complaint).isZero();
            assertThat(fetched).hasBinaryContent(content);

            server.destroy();
            assertThat(server.waitFor(60, TimeUnit.SECONDS))
                    .as(shown.toString())
                    .isTrue();
        } finally {
            server.destroyForcibly().waitFor();
            reader.join();
        }
    }

    private static void copy(Process process, ShownText shown) {
        try (Reader output = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
            output.transferTo(shown);
        } catch (IOException _) {
            // the process was ended while this read
        }
    }
}
