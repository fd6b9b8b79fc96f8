package dev.jmtcp.driver.psio;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's table of interrupts, by which mTCP counts the receive queues of its cards: each has a line, named xge0-rx-0 and so on. */
final class Interrupts {

    private static final Path TABLE = Path.of("/proc/interrupts");
    private static final String QUEUE = "xge0-rx";

    private Interrupts() {}

    /** How many receive queues the first card has; 0 if the table does not say. */
    static int rxQueues() {
        try {
            return (int) Files.readAllLines(TABLE, StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.contains(QUEUE))
                    .count();
        } catch (IOException _) {
            return 0;
        }
    }
}
