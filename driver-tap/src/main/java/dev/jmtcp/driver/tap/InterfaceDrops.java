package dev.jmtcp.driver.tap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Frames of the kernel that found the queue of a TAP interface full, out of the table in /proc/net/dev:
 *
 * <pre>
 *  Inter-|   Receive                                                |  Transmit
 *   face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
 *    tap0:     586       7    0    0    0     0          0         0      42       1    0    3    0     0       0          0
 * </pre>
 */
final class InterfaceDrops {

    /** That of the network namespace which the calling thread is in. */
    private static final Path TABLE = Path.of("/proc/thread-self/net/dev");

    /** Of the numbers after the name. */
    private static final int TRANSMIT_DROP = 11;

    private InterfaceDrops() {}

    /** How many since the interface was made; nothing if there is no such interface. */
    static OptionalLong of(String name) {
        try {
            for (String line : Files.readAllLines(TABLE, StandardCharsets.ISO_8859_1)) {
                int colon = line.indexOf(':');
                if (colon >= 0 && line.substring(0, colon).strip().equals(name)) {
                    String[] numbers = line.substring(colon + 1).strip().split(" +", -1);
                    return OptionalLong.of(Long.parseLong(numbers[TRANSMIT_DROP]));
                }
            }
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException _) {
            // no such table on this machine
        }
        return OptionalLong.empty();
    }
}
