package dev.jmtcp.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.testsupport.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A recording of frames, looked at by tshark. */
final class Capture {

    private static final String TSHARK = "tshark -n -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE"
            + " -o tcp.desegment_tcp_streams:FALSE -d tcp.port==" + Network.PORT + ",data -d tcp.port==8081,data -r ";

    private final Path file;

    Capture(Path file) {
        this.file = file;
    }

    /** The frames that a display filter, written without blanks, lets through, each in a line for people. */
    List<String> frames(String filter) throws IOException {
        return lines("-Y " + filter);
    }

    private List<String> lines(String options) throws IOException {
        Needs.command("tshark", "tshark");
        Process tshark = new ProcessBuilder((TSHARK + file + " " + options).split(" "))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        tshark.getOutputStream().close();
        List<String> lines = tshark.inputReader(StandardCharsets.UTF_8).readAllLines();
        assertThat(Programs.exit(tshark)).as("tshark " + options).isZero();
        return lines;
    }

    /** The most that a side of a connection was ever allowed to send. */
    private static final class Window {

        /** The sequence number behind the last byte allowed, by the window's sender. */
        long edge = -1;
    }

    /**
     * Segments with data beyond the window that their receiver had offered by then, as the side that recorded knew it. One byte beyond a closed window is a
     * probe (RFC 9293 section 3.8.6.1).
     */
    List<String> windowViolations() throws IOException {
        Map<String, Window> windows = new HashMap<>();
        return lines("-Y tcp -T fields -e tcp.stream -e ip.src -e ip.dst -e tcp.seq -e tcp.len -e tcp.ack"
                        + " -e tcp.window_size -e tcp.flags.ack -e frame.number")
                .stream()
                .filter(line -> {
                    String[] fields = line.split("\t", -1);
                    Window allowed =
                            windows.computeIfAbsent(fields[0] + " " + fields[1] + " " + fields[2], _ -> new Window());
                    Window given =
                            windows.computeIfAbsent(fields[0] + " " + fields[2] + " " + fields[1], _ -> new Window());
                    if (fields[7].matches("1|True")) {
                        given.edge = Math.max(given.edge, Long.parseLong(fields[5]) + Long.parseLong(fields[6]));
                    }
                    long length = Long.parseLong(fields[4]);
                    long beyond = Long.parseLong(fields[3]) + length - allowed.edge;
                    return allowed.edge >= 0 && length > 0 && beyond > (length == 1 ? 1 : 0);
                })
                .toList();
    }
}
