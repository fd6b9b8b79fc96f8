package dev.jmtcp.packetdrill.run;

import dev.jmtcp.core.tcp.TcpSettings;
import java.util.Set;

/** What the lines of sysctl are among the stack's settings. */
final class Sysctls {

    private static final long MICROSECOND = 1_000;
    private static final long MILLISECOND = 1_000 * MICROSECOND;
    private static final long SECOND = 1_000 * MILLISECOND;

    private static final String LINUX = "net.ipv4.";
    private static final String FREEBSD = "net.inet.tcp.";

    /** Of Linux's, those without a counterpart here that scripts set to what the stack does anyway, or that change only how it gets there. */
    private static final Set<String> LINUX_HARMLESS = Set.of(
            "tcp_dsack",
            "tcp_fack",
            "tcp_reordering",
            "tcp_max_reordering",
            "tcp_early_retrans",
            "tcp_recovery",
            "tcp_frto",
            "tcp_tso_win_divisor",
            "tcp_tso_rtt_log",
            "tcp_pacing_ss_ratio",
            "tcp_pacing_ca_ratio",
            "tcp_ecn_option",
            "tcp_ecn_option_beacon",
            "tcp_ecn_fallback",
            "tcp_fastopen",
            "tcp_fastopen_key",
            "tcp_fastopen_cookies",
            "tcp_fastopen_blackhole_timeout_sec",
            "tcp_challenge_ack_limit",
            "tcp_invalid_ratelimit",
            "tcp_autocorking",
            "tcp_adv_win_scale",
            "tcp_moderate_rcvbuf",
            "tcp_shrink_window",
            "tcp_comp_sack_nr",
            "tcp_comp_sack_delay_ns",
            "tcp_comp_sack_slack_ns",
            "tcp_comp_sack_rtt_percent",
            "tcp_backlog_ack_defer",
            "tcp_pingpong_thresh",
            "tcp_no_metrics_save",
            "tcp_limit_output_bytes",
            "tcp_max_syn_backlog",
            "tcp_tw_reuse",
            "tcp_low_latency",
            "tcp_min_snd_mss",
            "tcp_plb_enabled",
            "route.flush",
            "ip_no_pmtu_disc",
            "tcp_workaround_signed_windows");

    private static final Set<String> FREEBSD_HARMLESS = Set.of(
            "hostcache.purgenow",
            "syncookies",
            "fastopen.client_enable",
            "fastopen.server_enable",
            "udp_tunneling_port",
            "udp_tunneling_overhead",
            "rfc3042",
            "rfc3390",
            "rfc3465",
            "rfc6675_pipe",
            "do_prr",
            "tso",
            "path_mtu_discovery",
            "icmp_may_rst",
            "log_debug",
            "minmss",
            "mssdflt",
            "v6mssdflt",
            "nolocaltimewait",
            "always_keepalive",
            "functions_default");

    private Sysctls() {}

    /** Changes a setting. What would ask for something that the stack does not do is refused. */
    static void apply(Sysctl sysctl, TcpSettings.Builder tcp) {
        String name = sysctl.name();
        boolean known = name.startsWith(LINUX)
                ? linux(name.substring(LINUX.length()), sysctl, tcp)
                : name.startsWith(FREEBSD)
                        ? freebsd(name.substring(FREEBSD.length()), sysctl, tcp)
                        : other(name, sysctl, tcp);
        if (!known) {
            throw Failure.unsupported("sysctl " + name + "=" + sysctl.value());
        }
    }

    private static boolean linux(String name, Sysctl s, TcpSettings.Builder tcp) {
        switch (name) {
            case "tcp_timestamps" -> tcp.timestamps(s.isSet());
            case "tcp_sack" -> tcp.sack(s.isSet());
            case "tcp_window_scaling" -> tcp.windowScaling(s.isSet());
            case "tcp_syn_retries" -> tcp.synRetries((int) s.number());
            case "tcp_synack_retries" -> tcp.synAckRetries((int) s.number());
            case "tcp_retries2" -> tcp.retries((int) s.number());
            case "tcp_fin_timeout" -> tcp.finTimeout(s.number() * SECOND);
            case "tcp_rmem" -> tcp.receiveBuffer((int) s.number(2));
            case "tcp_wmem" -> tcp.sendBuffer((int) s.number(1));
            case "tcp_keepalive_time" -> tcp.keepAliveIdle(s.number() * SECOND);
            case "tcp_keepalive_intvl" -> tcp.keepAliveInterval(s.number() * SECOND);
            case "tcp_keepalive_probes" -> tcp.keepAliveProbes((int) s.number());
            case "tcp_rto_max_ms" -> tcp.maxRto(s.number() * MILLISECOND);
            case "tcp_rto_min_us" -> tcp.minRto(s.number() * MICROSECOND);
            case "tcp_congestion_control" -> congestionControl(s.value(), tcp);
            case "tcp_ecn" -> {
                return congestionNotification(s.number(), tcp);
            }
            case "tcp_slow_start_after_idle" -> tcp.restartAfterIdle(s.isSet());
            case "tcp_mtu_probing" -> {
                return !s.isSet();
            }
            case "tcp_min_tso_segs" -> tcp.leastBurst((int) s.number());
            case "tcp_syncookies" ->
                tcp.synCookies(
                        switch ((int) s.number()) {
                            case 0 -> TcpSettings.SynCookies.OFF;
                            case 1 -> TcpSettings.SynCookies.ON;
                            default -> TcpSettings.SynCookies.ALWAYS;
                        });
            case "tcp_notsent_lowat" -> {
                return s.number() == 0xffff_ffffL || s.number() == -1;
            }
            default -> {
                return LINUX_HARMLESS.contains(name);
            }
        }
        return true;
    }

    private static boolean freebsd(String name, Sysctl s, TcpSettings.Builder tcp) {
        switch (name) {
            case "rfc1323" -> tcp.timestamps(s.isSet()).windowScaling(s.isSet());
            case "sack.enable" -> tcp.sack(s.isSet());
            case "recvspace" -> tcp.receiveBuffer((int) s.number());
            case "sendspace" -> tcp.sendBuffer((int) s.number());
            case "rexmit_initial" -> tcp.initialRto(s.number() * MILLISECOND);
            case "rexmit_min" -> tcp.minRto(s.number() * MILLISECOND);
            case "delacktime" -> tcp.delayedAck(s.number() * MILLISECOND);
            case "keepidle" -> tcp.keepAliveIdle(s.number() * MILLISECOND);
            case "keepintvl" -> tcp.keepAliveInterval(s.number() * MILLISECOND);
            case "keepcnt" -> tcp.keepAliveProbes((int) s.number());
            case "initcwnd_segments" -> tcp.initialWindow((int) s.number());
            case "msl" -> tcp.timeWait(2 * s.number() * MILLISECOND);
            case "finwait2_timeout" -> tcp.finTimeout(s.number() * MILLISECOND);
            case "cc.algorithm" -> congestionControl(s.value(), tcp);
            case "ecn.enable" -> {
                return congestionNotification(s.number(), tcp);
            }
            case "insecure_rst" -> tcp.strictResets(!s.isSet());
            case "insecure_syn" -> tcp.strictSyns(!s.isSet());
            // What is off is what the RFCs ask for, and what the stack does.
            case "blackhole",
                    "rexmit_drop_options",
                    "drop_synfin",
                    "syncookies_only",
                    "pmtud_blackhole_detection",
                    "tolerate_missing_ts" -> {
                return !s.isSet();
            }
            case "rexmit_slop" -> {
                return s.number() == 200;
            }
            case "ecn.maxretries" -> {
                return s.number() == 1;
            }
            case "keepinit" -> {
                return s.number() == 75_000;
            }
            default -> {
                return FREEBSD_HARMLESS.contains(name);
            }
        }
        return true;
    }

    private static boolean other(String name, Sysctl s, TcpSettings.Builder tcp) {
        return switch (name) {
            case "kern.ipc.maxsockbuf" -> {
                // The shift with which the largest buffer can be announced.
                int shift = 0;
                while (shift < 14 && 0xffffL << shift < s.number()) {
                    shift++;
                }
                tcp.windowScale(shift);
                yield true;
            }
            case "net.core.rmem_max", "net.core.wmem_max", "net.core.somaxconn", "net.core.optmem_max" -> true;
            default -> name.startsWith("net.ipv6.") || name.startsWith("net.inet6.");
        };
    }

    private static void congestionControl(String name, TcpSettings.Builder tcp) {
        tcp.congestionControl(
                switch (name) {
                    case "cubic" -> "cubic";
                    case "reno", "newreno" -> "newreno";
                    default -> throw Failure.unsupported("the congestion control " + name);
                });
    }

    /** Never, always, or if the peer asks: in both systems the same numbers; those beyond are of AccECN (RFC 9768). */
    private static boolean congestionNotification(long number, TcpSettings.Builder tcp) {
        if (number < 0 || number > 2) {
            return false;
        }
        tcp.ecn(number == 0 ? TcpSettings.Ecn.OFF : number == 1 ? TcpSettings.Ecn.ON : TcpSettings.Ecn.ACCEPT);
        return true;
    }
}
