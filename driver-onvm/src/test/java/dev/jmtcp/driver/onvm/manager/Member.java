package dev.jmtcp.driver.onvm.manager;

import dev.jmtcp.driver.onvm.OnvmProvider;
import dev.jmtcp.spi.DeviceFailedException;
import dev.jmtcp.spi.DriverConfig;
import dev.jmtcp.spi.FrameBurst;
import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketIoProvider;
import dev.jmtcp.spi.PacketQueue;
import dev.jmtcp.spi.Toeplitz;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that is a network function: sends all the time and drops what it gets, until it gets a line, or its driver fails. It says how that goes, a line each: {@code
 * open}, or {@code refused} and why; {@code received} with the first frame; {@code failed} and why; {@code end}. Arguments are options of the driver,
 * {@code name=value}, and {@code queues=number}.
 */
final class Member implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final BufferedReader lines;

    private Member(Process process) {
        this.process = process;
        lines = process.inputReader();
    }

    public static void main(String[] arguments) throws IOException {
        Map<String, String> options = new HashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            options.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        String queues = options.remove("queues");
        var config = new DriverConfig(
                queues == null ? 1 : Integer.parseInt(queues),
                List.of(Configs.PORT),
                options,
                Toeplitz.symmetricKey(),
                System::nanoTime);
        try (PacketIo io = new OnvmProvider().open(config)) {
            System.out.println("open");
            exchange(io.queue(0));
        } catch (DeviceFailedException e) {
            System.out.println("failed " + e.getMessage());
        } catch (PacketIoException e) {
            System.out.println("refused " + e.getMessage());
        }
        System.out.println("end");
    }

    private static void exchange(PacketQueue queue) throws IOException {
        var burst = new FrameBurst(32);
        boolean received = false;
        for (int number = 0; System.in.available() == 0; number++) {
            for (int i = 0; i < 8; i++) {
                Frames.commit(queue, Frames.tcp(1000, 80, number));
            }
            queue.flush();
            queue.await(1_000_000);
            if (queue.receive(0, burst) > 0 && !received) {
                received = true;
                System.out.println("received");
            }
        }
    }

    /** Starts one, in a process of its own. */
    static Member start(Manager manager, String... options) throws IOException {
        return start(manager.prefix(), options);
    }

    static Member start(String prefix, String... options) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.util.logging.config.file=/dev/null",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                String.join(
                        ":",
                        place(PacketIoProvider.class),
                        place(dev.jmtcp.driver.dpdk.DpdkProvider.class),
                        place(OnvmProvider.class),
                        Path.of("target", "test-classes").toAbsolutePath().toString()),
                Member.class.getName(),
                "file_prefix=" + prefix));
        command.addAll(List.of(options));
        return new Member(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The next line, which begins with a word; the rest of it. */
    String expect(String word) throws IOException {
        String line = lines.readLine();
        while (line != null && line.startsWith("EAL: ")) {
            line = lines.readLine();
        }
        if (line == null || !line.startsWith(word)) {
            throw new AssertionError("not " + word + " but " + line);
        }
        return line.substring(word.length()).strip();
    }

    /** Has it close its driver. */
    void leave() throws IOException {
        process.outputWriter().write("\n");
        process.outputWriter().flush();
    }

    /** Waits for its end, which has to be a good one. */
    void end() throws IOException {
        expect("end");
        if (await() != 0) {
            throw new AssertionError("exit code " + process.exitValue());
        }
    }

    /** Ends it like {@code kill -9}. */
    void kill() throws IOException {
        process.destroyForcibly();
        await();
    }

    /** Ends it like ^C. */
    void interrupt() throws IOException {
        process.destroy();
        await();
    }

    private int await() throws IOException {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        kill();
        lines.close();
    }

    private static String place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
