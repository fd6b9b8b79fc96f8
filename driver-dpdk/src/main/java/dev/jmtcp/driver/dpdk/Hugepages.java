package dev.jmtcp.driver.dpdk;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The hugepages that this machine has reserved and nobody uses. */
final class Hugepages {

    /** The command that reserves some. */
    static final String RESERVE = "echo 256 | sudo tee /proc/sys/vm/nr_hugepages";

    private static final Path SIZES = Path.of("/sys/kernel/mm/hugepages");
    private static final Pattern SIZE = Pattern.compile("hugepages-(\\d{1,12})kB");

    private Hugepages() {}

    /** Their bytes; 0 where the kernel does not say. */
    static long free() {
        return free(SIZES);
    }

    static long free(Path sizes) {
        long bytes = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(sizes)) {
            for (Path size : all) {
                Matcher name = SIZE.matcher(size.getFileName().toString());
                if (name.matches()) {
                    long pages = Long.parseLong(
                            Files.readString(size.resolve("free_hugepages")).strip());
                    bytes += pages * Long.parseLong(name.group(1)) << 10;
                }
            }
        } catch (IOException | NumberFormatException _) {
            return 0;
        }
        return bytes;
    }
}
