package dev.jmtcp.driver.psio;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * Frames that a card lost because a receive ring was full, out of the kernel's table of interfaces:
 *
 * <pre>
 *  Inter-|   Receive                                                |  Transmit
 *   face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
 *    xge0:     586       7    0    3    0     0          0         0      42       1    0    0    0     0       0          0
 * </pre>
 */
final class InterfaceDrops {

    /** That of the network namespace which the calling thread is in; and where older kernels have it. */
    private static final List<Path> TABLES = List.of(Path.of("/proc/thread-self/net/dev"), Path.of("/proc/net/dev"));

    /** Of the numbers after the name. */
    private static final int RECEIVE_DROP = 3;

    private InterfaceDrops() {}

    /** How many since the interface was made; nothing if there is no such interface. */
    static OptionalLong of(String name) {
        for (Path table : TABLES) {
            try {
                return read(Files.readAllLines(table, StandardCharsets.ISO_8859_1), name);
            } catch (IOException _) {
                // the next one, if any
            }
        }
        return OptionalLong.empty();
    }

    private static OptionalLong read(List<String> lines, String name) {
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon >= 0 && line.substring(0, colon).strip().equals(name)) {
                String[] numbers = line.substring(colon + 1).strip().split(" +", -1);
                try {
                    return OptionalLong.of(Long.parseLong(numbers[RECEIVE_DROP]));
                } catch (NumberFormatException | ArrayIndexOutOfBoundsException _) {
                    return OptionalLong.empty();
                }
            }
        }
        return OptionalLong.empty();
    }
}
