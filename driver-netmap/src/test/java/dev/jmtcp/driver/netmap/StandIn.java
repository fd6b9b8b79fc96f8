package dev.jmtcp.driver.netmap;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The stand-in for the kernel module, of src/test/c, as tests see and order it: struct control at the beginning of the file that it keeps all in. */
@SuppressWarnings("EnumOrdinal") // the order is that of the words
enum StandIn {
    READY,
    REINITIALISED,
    TOUCHED,
    OVERRUN,
    CARD_0,
    CARD_1,
    OPEN_ERROR,
    REGISTER_ERROR,
    OLDEST_API,
    WITHOUT_CONTROL,
    BROKEN;

    /** What {@link #CARD_0} and {@link #CARD_1} may be ordered to be. */
    static final int UP = 0;

    static final int DOWN = 1;
    static final int GONE = 2;

    private static final class Control {

        static final MemorySegment WORDS = map();

        private static MemorySegment map() {
            Path file = Path.of(System.getenv("NETMAP_STANDIN"));
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                return channel.map(
                        FileChannel.MapMode.READ_WRITE,
                        0,
                        (long) StandIn.values().length * Integer.BYTES,
                        Arena.global());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Skips the test where it is not loaded. */
    static void needed() {
        String file = System.getenv("NETMAP_STANDIN");
        if (file != null && !Files.exists(Path.of(file))) {
            new NetmapProvider().probe(); // makes the file if it is loaded
        }
        assumeTrue(
                file != null && Files.exists(Path.of(file)),
                "needs the stand-in for netmap's kernel module: apt-get install gcc libc6-dev");
    }

    int value() {
        return Control.WORDS.getAtIndex(JAVA_INT, ordinal());
    }

    void order(int value) {
        Control.WORDS.setAtIndex(JAVA_INT, ordinal(), value);
    }

    /** Takes all orders back. */
    static void reset() {
        CARD_0.order(UP);
        CARD_1.order(UP);
        OPEN_ERROR.order(0);
        REGISTER_ERROR.order(0);
        OLDEST_API.order(Netmap.API);
        WITHOUT_CONTROL.order(0);
        BROKEN.order(0);
    }
}
