package dev.jmtcp.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.testsupport.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

    /** One direction of a connection, as far as it was recorded. */
    private static final class Direction {

        /** The sequence number behind the last byte that the receiver has ever allowed. */
        private long edge = -1;

        /** The sequence number behind all that was seen without a gap, and what was seen beyond. */
        private long next = -1;

        private final TreeMap<Long, Long> beyond = new TreeMap<>();

        void see(long begin, long end) {
            if (next < 0) {
                next = begin;
            }
            beyond.merge(begin, end, Math::max);
            while (!beyond.isEmpty() && beyond.firstKey() <= next) {
                next = Math.max(next, beyond.pollFirstEntry().getValue());
            }
        }
    }

    /**
     * Segments that neither side may send, given what the side that recorded had seen by then: those with data beyond the window, where one byte beyond a closed
     * window is a probe (RFC 9293 section 3.8.6.1), and those that acknowledge what was not sent.
     */
    List<String> violations() throws IOException {
        return violations(lines(
                "-Y tcp&&!tcp.flags.reset==1 -T fields -e tcp.stream -e ip.src -e ip.dst -e tcp.seq -e tcp.len -e tcp.ack"
                        + " -e tcp.window_size -e tcp.flags.ack -e tcp.flags.syn -e tcp.flags.fin -e frame.number"));
    }

    /** Of segments in the order in which the side that recorded saw them, each in a line of fields as {@link #violations()} asks for. */
    static List<String> violations(List<String> segments) {
        Map<String, Direction> directions = new HashMap<>();
        return segments.stream().filter(line -> isViolation(directions, line)).toList();
    }

    private static boolean isViolation(Map<String, Direction> directions, String line) {
        String[] fields = line.split("\t", -1);
        String stream = fields[0];
        Direction there = directions.computeIfAbsent(stream + " " + fields[1], _ -> new Direction());
        Direction back = directions.computeIfAbsent(stream + " " + fields[2], _ -> new Direction());
        long sequence = Long.parseLong(fields[3]);
        long length = Long.parseLong(fields[4]);
        there.see(sequence, sequence + length + flag(fields[8]) + flag(fields[9]));
        boolean wrong = there.edge >= 0 && length > 0 && sequence + length - there.edge > (length == 1 ? 1 : 0);
        if (flag(fields[7]) == 1) {
            long acknowledged = Long.parseLong(fields[5]);
            wrong |= acknowledged > back.next;
            back.edge = Math.max(back.edge, acknowledged + Long.parseLong(fields[6]));
        }
        return wrong;
    }

    private static int flag(String field) {
        return field.matches("1|True") ? 1 : 0;
    }
}
