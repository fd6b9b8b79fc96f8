package dev.jmtcp.driver.dpdk;

import dev.jmtcp.spi.PacketIo;
import dev.jmtcp.spi.PacketIoException;
import dev.jmtcp.spi.PacketIoProvider;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that opens devices one after the other and says how that went, a line for each: DPDK starts but once in a process, so that tests of how it starts need
 * one each. Arguments are options of the driver, {@code name=value}, and devices; a {@code /} before an option begins a new set of them; {@code hold} keeps
 * the device before it open until the input ends.
 */
final class Opener {

    static final String OPENED = "opened ";
    static final String REFUSED = "refused ";

    private Opener() {}

    public static void main(String[] arguments) throws IOException {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            int equals = argument.indexOf('=');
            if (argument.equals("/")) {
                options = new HashMap<>();
            } else if (argument.startsWith("net_")) {
                open(argument, options, i + 1 < arguments.length && arguments[i + 1].equals("hold"));
            } else if (equals > 0) {
                options.put(argument.substring(0, equals), argument.substring(equals + 1));
            }
        }
        System.out.println("alive");
    }

    private static void open(String device, Map<String, String> options, boolean hold) throws IOException {
        try (PacketIo io = new DpdkProvider().open(Configs.of(1, options, Configs.port("port0", device)))) {
            System.out.println(OPENED + io.ports());
            if (hold) {
                System.in.readAllBytes();
            }
        } catch (PacketIoException e) {
            System.out.println(REFUSED + e.getMessage());
        }
    }

    /**
     * The command that runs this in a process of its own.
     *
     * @param before words of a program that runs others
     */
    static Process start(List<String> before, String... arguments) throws IOException {
        var command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                String.join(":", place(DpdkProvider.class), place(PacketIoProvider.class), tests()),
                Opener.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** What it says, line by line, without what DPDK says by itself. */
    static List<String> run(String... arguments) throws IOException, InterruptedException {
        return finish(start(List.of(), arguments));
    }

    static List<String> finish(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError("exit " + process.exitValue() + ": " + output);
        }
        return output.lines()
                .filter(line -> line.startsWith(OPENED) || line.startsWith(REFUSED) || line.equals("alive"))
                .toList();
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

    /** On the module path the classes of tests say that they are the module's. */
    private static String tests() {
        return Path.of("target", "test-classes").toAbsolutePath().toString();
    }
}
