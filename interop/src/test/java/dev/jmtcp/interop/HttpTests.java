package dev.jmtcp.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.testsupport.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Web clients of others against epserver, and epwget against a web server of others. */
abstract class HttpTests extends Suite {

    private static final int MEGABYTE = 1 << 20;
    private static final int NGINX_PORT = 8081;

    @TempDir
    private Path folder;

    private Path files;

    HttpTests(Wire wire, Conditions conditions) {
        super(wire, conditions);
    }

    @BeforeEach
    void makeFolder() throws IOException {
        files = Files.createDirectory(folder.resolve("files"));
    }

    @ParameterizedTest
    @CsvSource({"1, true", "10, true", "100, true", "1, false", "10, false"})
    void file_fetchedByCurlAndWget_isWhole(int megabytes, boolean offload) throws IOException {
        Needs.command("curl", "curl");
        Needs.command("wget", "wget");
        String digest = Behaviour.hex(
                Content.file(files.resolve("file"), megabytes, conditions.scaled(megabytes * MEGABYTE) + 1L));
        try (Network network = setup().withOffload(offload).open();
                var server = new WebServer(network, files)) {
            String url = WebServer.url("file");
            assertThat(Programs.digest(network.kernel, "curl --silent --show-error --fail " + url))
                    .as("SHA-256 of what curl got")
                    .isEqualTo(digest);
            assertThat(Programs.digest(network.kernel, "wget --no-verbose --output-document=- " + url))
                    .as("SHA-256 of what wget got")
                    .isEqualTo(digest);
            server.drain();
            network.awaitNoConnections();
        }
    }

    /** A connection for each request, which the server closes. */
    @Test
    void shortConnections_ofAb_haveNoFailure() throws IOException {
        Needs.command("ab", "apache2-utils");
        Content.file(files.resolve("file"), 1, 1000);
        try (Network network = setup().open();
                var server = new WebServer(network, files)) {
            int requests = conditions.scaled(20_000);
            // Seconds for an answer, retransmissions included.
            String output = network.kernel.run("ab -q -s 120 -c 100 -n " + requests + " " + WebServer.url("file"));
            assertThat(Programs.number("Complete requests: +([0-9]+)", output)).isEqualTo(requests);
            assertThat(Programs.number("Failed requests: +([0-9]+)", output)).isZero();
            assertThat(output).doesNotContain("Non-2xx");
            server.drain();
            assertThat(server.counters.answers()).isGreaterThanOrEqualTo(requests);
            network.awaitNoConnections();
        }
    }

    @Test
    void requestsOfWrk_onConnectionsThatStay_haveNoError() throws IOException {
        Needs.command("wrk", "wrk");
        Content.file(files.resolve("file"), 1, 10_000);
        try (Network network = setup().open();
                var server = new WebServer(network, files)) {
            assertNoErrors(network.kernel.run("wrk -t 1 -c 64 -d 5s --timeout 60s " + WebServer.url("file")));
            server.drain();
            network.awaitNoConnections();
        }
    }

    static void assertNoErrors(String wrk) {
        assertThat(wrk).doesNotContain("Socket errors", "Non-2xx");
        assertThat(Programs.number("([0-9]+) requests in", wrk)).isPositive();
    }

    /** The connections that epwget makes, as a program of its own, fetch what nginx has. */
    @Test
    void files_fetchedByEpwgetFromNginx_areWhole() throws IOException {
        Needs.command("nginx", "nginx-light");
        int flows = conditions.scaled(200);
        byte[] digest = Content.file(files.resolve("file"), 7, conditions.scaled(4 * MEGABYTE));
        Path got = Files.createDirectory(folder.resolve("got"));
        try (Site site = setup().site()) {
            Programs.startNginx(site.kernel, folder, files, NGINX_PORT);
            Path config = Files.writeString(folder.resolve("wget.conf"), site.config);
            Process epwget = site.joint
                    .stackSide()
                    .start(Programs.jmtcp("epwget " + Network.KERNEL + ":" + NGINX_PORT + "/file " + flows
                            + " -c 20 -f " + config + " -o " + got.resolve("file")));
            String output = new String(epwget.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(Programs.exit(epwget)).as(output).isZero();
            assertThat(output).contains("[CPU 0] Completed " + flows + " connections, errors: 0 incompletes: 0");
            for (int i = 0; i < flows; i++) {
                try (var in = Files.newInputStream(got.resolve("file." + i))) {
                    assertThat(Content.digest(in)).as("file " + i).isEqualTo(digest);
                }
            }
        }
    }
}
