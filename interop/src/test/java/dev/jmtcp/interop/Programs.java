package dev.jmtcp.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.testsupport.Namespace;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Programs that the tests run in namespaces. */
final class Programs {

    /** What the tests have on their class path besides the applications. */
    private static final Pattern OF_TESTS = Pattern.compile(
            ".*(test-classes|test-support|junit|surefire|mockito|byte-buddy|assertj|opentest4j|apiguardian|objenesis).*");

    private Programs() {}

    /** Waits until somebody listens on a port of the kernel's side. */
    static void awaitListener(Namespace kernel, int port) throws IOException {
        Patience.until(
                "somebody listens on port " + port,
                () -> !kernel.run("ss --no-header --tcp --numeric --listening sport = " + port)
                        .isBlank(),
                () -> kernel.run("ss --tcp --numeric --listening"));
    }

    /** Waits for the end of a program; its exit code. */
    static int exit(Process program) throws IOException {
        try {
            assertThat(program.waitFor(Patience.SECONDS, TimeUnit.SECONDS))
                    .as("%s has ended", program.info())
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return program.exitValue();
    }

    /** The digest of what a program prints, which has to end well. */
    static String digest(Namespace kernel, String command) throws IOException {
        Process program = kernel.startWithErrorsApart(command);
        program.getOutputStream().close();
        String digest = Behaviour.hex(Content.digest(program.getInputStream()));
        String errors = new String(program.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(exit(program)).as(command + ": " + errors).isZero();
        return digest;
    }

    /** The number that a pattern finds in a program's output. */
    static long number(String pattern, String output) {
        Matcher matcher = Pattern.compile(pattern).matcher(output);
        assertThat(matcher.find()).as("'%s' in: %s", pattern, output).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    /** Starts nginx on the kernel's side, whose address need not be there yet. */
    static void startNginx(Namespace kernel, Path folder, Path files, int port) throws IOException {
        Path config = Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                user root;
                worker_processes 1;
                pid %1$s/nginx.pid;
                events { worker_connections 4096; }
                http {
                    access_log off;
                    client_body_temp_path %1$s;
                    proxy_temp_path %1$s;
                    server { listen %2$d; root %3$s; }
                }
                """.formatted(folder, port, files));
        kernel.start("nginx -e stderr -p " + folder + " -c " + config);
        awaitListener(kernel, port);
    }

    /** The command line of the jmtcp command, as built by now. */
    static String jmtcp(String arguments) {
        String modules = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !OF_TESTS.matcher(entry).matches())
                .collect(Collectors.joining(File.pathSeparator));
        return Path.of(System.getProperty("java.home"), "bin", "java")
                + " -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dguice_custom_class_loading=CHILD --illegal-native-access=allow"
                + " --module-path " + modules + " --module dev.jmtcp.apps/dev.jmtcp.apps.Main " + arguments;
    }
}
