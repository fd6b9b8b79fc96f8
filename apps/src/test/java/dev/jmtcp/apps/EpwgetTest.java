package dev.jmtcp.apps;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** epwget and epserver, as they are run, on one wire in this process. */
class EpwgetTest {

    @TempDir
    private Path folder;

    private final ShownText shown = new ShownText();

    private static byte[] bytes(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private int epwget(Network network, String... arguments) throws IOException {
        var all = new String[arguments.length + 3];
        all[0] = "epwget";
        all[1] = "-f";
        all[2] = network.clientFile();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return Network.run(shown, all);
    }

    @ParameterizedTest
    @CsvSource({"0, 3", "1, 3", "1000000, 20", "100000000, 1"})
    void file_ofAnySize_arrivesOnEveryConnection(int size, int flows) throws Exception {
        byte[] content = bytes(size);
        try (var network = new Network(folder)) {
            Files.write(network.www.resolve("file"), content);
            Path saved = folder.resolve("saved");

            int exit = epwget(network, "10.0.0.1/file", Integer.toString(flows), "-o", saved.toString());

            assertThat(shown.toString())
                    .contains("[CPU 0] Completed " + flows + " connections, errors: 0 incompletes: 0\n");
            assertThat(exit).isZero();
            for (int i = 0; i < flows; i++) {
                assertThat(Path.of(saved + "." + i)).hasBinaryContent(content);
            }
            assertThat(network.stop()).isZero();
            assertThat(network.shown().toString())
                    .contains("Served %d requests on %d connections, broken: 0, cut off: 0\n".formatted(flows, flows));
        }
    }

    @Test
    void output_isThatOfMtcp() throws Exception {
        try (var network = new Network(folder)) {
            Files.write(network.www.resolve("file"), bytes(1000));

            assertThat(epwget(network, "http://10.0.0.1:80/file?x", "10", "-c", "4"))
                    .isZero();

            assertThat(shown.toString())
                    .contains("""
                            Application configuration:
                            URL: /file?x
                            # of total_flows: 10
                            # of cores: 1
                            Concurrency: 4
                            """)
                    .contains("Thread 0 handles 10 flows. connecting to 10.0.0.1:80\n")
                    .containsOnlyOnce("Response size set to ")
                    .doesNotContain("mismatch")
                    .containsPattern("\\[ ALL \\] connect: {6}10, read: {4}0 MB, write: {4}0 MB, completes: {6}10"
                            + " \\(resp_time avg: +[0-9]+, max: +[0-9]+ us\\)\n");
        }
    }

    @Test
    void twoCoresEachSide_manyConnections_areSharedAndAllArrive() throws Exception {
        try (var network = new Network(folder, 2, "")) {
            Files.write(network.www.resolve("file"), bytes(20_000));

            assertThat(epwget(network, "10.0.0.1/file", "201", "-c", "40")).isZero();

            assertThat(shown.toString())
                    .contains("[CPU 0] Completed 101 connections, errors: 0 incompletes: 0\n")
                    .contains("[CPU 1] Completed 100 connections, errors: 0 incompletes: 0\n");
            assertThat(network.stop()).isZero();
            assertThat(network.shown().toString()).contains("Served 201 requests on 201 connections, broken: 0");
        }
    }

    @Test
    void missingFile_isAnErrorOnEveryConnection() throws Exception {
        try (var network = new Network(folder)) {
            assertThat(epwget(network, "10.0.0.1/none", "5")).isEqualTo(1);
            assertThat(shown.toString())
                    .contains("[CPU 0] Completed 5 connections, errors: 5 incompletes: 0\n")
                    .containsOnlyOnce("the server answers with status 404\n");
        }
    }

    @Test
    void nobodyListens_isAnError() throws Exception {
        try (var network = new Network(folder)) {
            assertThat(epwget(network, "10.0.0.1:81/file", "2")).isEqualTo(1);
            assertThat(shown.toString())
                    .contains("[CPU 0] Completed 2 connections, errors: 2 incompletes: 0\n")
                    .containsOnlyOnce("a connection failed: ECONNREFUSED");
        }
    }

    @Test
    void noRoute_isSaid() throws Exception {
        try (var network = new Network(folder)) {
            assertThat(epwget(network, "10.9.9.9/file", "2")).isEqualTo(1);
            assertThat(shown.toString()).endsWith("ENETUNREACH: to 10.9.9.9: network unreachable\n");
        }
    }

    @Test
    void interrupt_endsWhatIsUnderWay() throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try (var network = new Network(folder)) {
            Files.write(network.www.resolve("file"), bytes(100_000));
            Thread self = Thread.currentThread();
            Thread stopper = Thread.ofPlatform().start(() -> {
                try {
                    shown.await("Response size set to");
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                self.interrupt();
            });

            assertThat(epwget(network, "10.0.0.1/file", "1000000000", "-c", "10"))
                    .isEqualTo(1);

            stopper.join();
            assertThat(shown.toString()).containsPattern("\\[CPU 0] Completed [0-9]+ connections, errors: 0");
            assertThat(network.stop()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://10.0.0.1/", "10.0.0.1:0/", "10.0.0.1:x/", "/file", "", "a b", "user@10.0.0.1/"})
    void badUrl_isUsageError(String url) {
        assertThat(Network.run(shown, "epwget", "-f", "x.conf", url, "1")).isEqualTo(2);
        assertThat(shown.toString()).startsWith("URL: '" + url + "'");
    }

    @ParameterizedTest
    @CsvSource({"0, 10, FLOWS: 0", "x, 10, Invalid value", "1, 0, -c: 0"})
    void badNumbers_areUsageErrors(String flows, String concurrency, String message) {
        assertThat(Network.run(shown, "epwget", "-f", "x.conf", "10.0.0.1/", flows, "-c", concurrency))
                .isEqualTo(2);
        assertThat(shown.toString()).startsWith(message);
    }
}
