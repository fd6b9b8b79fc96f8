package dev.jmtcp.testsupport;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Assumptions about the machine. A test that begins with one is skipped, with the reason printed, where the machine lacks what
 * it needs; {@code bin/test}, which installs what is needed, counts a skipped test as a failure.
 */
public final class Needs {

    private static final int CAP_NET_ADMIN = 12;

    private Needs() {}

    /** A program on the PATH, and the package that brings it. */
    public static void command(String name, String debianPackage) {
        String path = System.getenv().getOrDefault("PATH", "");
        boolean found = Arrays.stream(path.split(File.pathSeparator, -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
        assumeTrue(found, "needs the program " + name + ": apt-get install " + debianPackage);
    }

    /** A file or device that this process may read and write. */
    public static void device(Path file) {
        assumeTrue(Files.isReadable(file) && Files.isWritable(file), "needs access to " + file);
    }

    /** The right to configure network interfaces, as root has. */
    public static void netAdmin() {
        assumeTrue((effectiveCapabilities() >>> CAP_NET_ADMIN & 1) == 1, "needs CAP_NET_ADMIN: run as root");
    }

    /** Free hugepages of 2 MB. */
    public static void hugepages(int megabytes) {
        assumeTrue(
                number(Path.of("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages")) * 2 >= megabytes,
                "needs " + megabytes + " MB of free hugepages: echo " + megabytes / 2 + " > /proc/sys/vm/nr_hugepages");
    }

    private static int number(Path file) {
        if (!Files.isReadable(file)) {
            return 0;
        }
        try {
            return Integer.parseInt(Files.readString(file).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long effectiveCapabilities() {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("CapEff:"))
                    .mapToLong(line -> Long.parseUnsignedLong(
                            line.substring("CapEff:".length()).strip(), 16))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
