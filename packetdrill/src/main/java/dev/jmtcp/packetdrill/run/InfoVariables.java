package dev.jmtcp.packetdrill.run;

import dev.jmtcp.core.socket.MtcpException;
import dev.jmtcp.core.socket.MtcpOptions;
import dev.jmtcp.core.socket.MtcpSocket;
import dev.jmtcp.core.tcp.State;
import dev.jmtcp.core.tcp.TcpInfo;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a script's code sees: TCP_INFO by Linux's names and in Linux's units, and Linux's constants. */
final class InfoVariables {

    static final int CLOSE = 7;
    private static final int LISTEN = 10;
    private static final long INFINITE = 0x7fff_ffff;

    private static final int TIMESTAMPS = 1;
    private static final int SACK = 2;
    private static final int SCALING = 4;
    private static final int NOTIFICATION = 8;

    private static final Map<String, Integer> STATES = Map.ofEntries(
            Map.entry("ESTABLISHED", 1),
            Map.entry("SYN_SENT", 2),
            Map.entry("SYN_RECV", 3),
            Map.entry("SYN_RECEIVED", 3),
            Map.entry("FIN_WAIT1", 4),
            Map.entry("FIN_WAIT_1", 4),
            Map.entry("FIN_WAIT2", 5),
            Map.entry("FIN_WAIT_2", 5),
            Map.entry("TIME_WAIT", 6),
            Map.entry("CLOSE", CLOSE),
            Map.entry("CLOSED", CLOSE),
            Map.entry("CLOSE_WAIT", 8),
            Map.entry("LAST_ACK", 9),
            Map.entry("LISTEN", LISTEN),
            Map.entry("CLOSING", 11));

    private static final String[] RECOVERY_STATES = {"Open", "Disorder", "CWR", "Recovery", "Loss"};

    private InfoVariables() {}

    /** Puts the constants among a script's variables. */
    static void constants(Map<String, Object> variables) {
        STATES.forEach((name, number) -> {
            variables.put("TCP_" + name, (long) number);
            variables.put("TCPI_" + name, (long) number);
        });
        for (int i = 0; i < RECOVERY_STATES.length; i++) {
            variables.put("TCP_CA_" + RECOVERY_STATES[i], (long) i);
        }
        variables.put("TCPI_OPT_TIMESTAMPS", (long) TIMESTAMPS);
        variables.put("TCPI_OPT_SACK", (long) SACK);
        variables.put("TCPI_OPT_WSCALE", (long) SCALING);
        variables.put("TCPI_OPT_ECN", (long) NOTIFICATION);
        variables.put("TCPI_OPT_ECN_SEEN", 16L);
        variables.put("TCPI_OPT_SYN_DATA", 32L);
        variables.put("TCP_INFINITE_SSTHRESH", INFINITE);
    }

    /** Puts what holds for a socket now among a script's variables. */
    static void snapshot(Map<String, Object> variables, @Nullable MtcpSocket socket) {
        variables.keySet().removeIf(name -> name.startsWith("tcpi_"));
        if (socket == null) {
            return;
        }
        TcpInfo info;
        try {
            if (socket.option(MtcpOptions.SO_ACCEPTCONN)) {
                variables.put("tcpi_state", (long) LISTEN);
                return;
            }
            info = socket.option(MtcpOptions.TCP_INFO);
        } catch (MtcpException _) {
            variables.put("tcpi_state", (long) CLOSE);
            variables.put("tcpi_options", 0L);
            return;
        }
        put(variables, info);
    }

    private static void put(Map<String, Object> variables, TcpInfo info) {
        int mss = Math.max(1, info.sendMss());
        int options = (info.timestamps() ? TIMESTAMPS : 0)
                | (info.sack() ? SACK : 0)
                | (info.windowScaling() ? SCALING : 0)
                | (info.ecn() ? NOTIFICATION : 0);
        Map<String, Long> values = Map.ofEntries(
                Map.entry("state", (long) state(info.state())),
                Map.entry("ca_state", recovery(info)),
                Map.entry("options", (long) options),
                Map.entry("retransmits", (long) info.retransmits()),
                Map.entry("snd_wscale", (long) info.sendWindowShift()),
                Map.entry("rcv_wscale", (long) info.receiveWindowShift()),
                Map.entry("rto", info.rto() / 1_000),
                Map.entry("snd_mss", (long) info.sendMss()),
                Map.entry("rcv_mss", (long) info.receiveMss()),
                Map.entry("advmss", (long) info.announcedMss()),
                Map.entry("pmtu", (long) info.pathMtu()),
                Map.entry("rtt", info.smoothedRtt() / 1_000),
                Map.entry("rttvar", info.rttVariation() / 1_000),
                Map.entry("min_rtt", info.minRtt() / 1_000),
                Map.entry("snd_cwnd", (long) info.congestionWindow() / mss),
                Map.entry("snd_ssthresh", threshold(info, mss)),
                Map.entry("sacked", segments(info.sackedBytes(), mss)),
                Map.entry("lost", segments(info.lostBytes(), mss)),
                Map.entry("unacked", segments(info.outstanding(), mss)),
                Map.entry("total_retrans", (long) info.totalRetransmits()),
                Map.entry("bytes_acked", info.bytesAcknowledged()),
                Map.entry("bytes_received", info.bytesReceived()),
                Map.entry("snd_wnd", (long) info.sendWindow()));
        values.forEach((name, value) -> variables.put("tcpi_" + name, value));
    }

    private static long segments(int bytes, int mss) {
        return ((long) bytes + mss - 1) / mss;
    }

    private static long threshold(TcpInfo info, int mss) {
        return info.slowStartThreshold() >= Integer.MAX_VALUE / 2 ? INFINITE : info.slowStartThreshold() / mss;
    }

    private static long recovery(TcpInfo info) {
        return switch (info.recovery()) {
            case "FAST" -> 3;
            case "TIMEOUT" -> 4;
            default -> info.sackedBytes() > 0 ? 1 : 0;
        };
    }

    private static int state(State state) {
        return switch (state) {
            case CLOSED -> CLOSE;
            case SYN_SENT -> 2;
            case SYN_RECEIVED -> 3;
            case ESTABLISHED -> 1;
            case FIN_WAIT_1 -> 4;
            case FIN_WAIT_2 -> 5;
            case CLOSE_WAIT -> 8;
            case CLOSING -> 11;
            case LAST_ACK -> 9;
            case TIME_WAIT -> 6;
        };
    }
}
