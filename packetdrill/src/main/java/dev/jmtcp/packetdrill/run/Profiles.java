package dev.jmtcp.packetdrill.run;

import dev.jmtcp.core.tcp.Personality;
import dev.jmtcp.core.tcp.TcpSettings;
import dev.jmtcp.packetdrill.Profile;

/** The stack's settings under which it behaves as a system that scripts take for granted. */
final class Profiles {

    private static final long MILLISECOND = 1_000_000;
    private static final long SECOND = 1_000 * MILLISECOND;

    private Profiles() {}

    static TcpSettings.Builder of(Profile profile) {
        return switch (profile) {
            case LINUX -> linux();
            case FREEBSD -> freebsd();
            case RFC -> TcpSettings.DEFAULTS.with();
        };
    }

    /** What public collections set in their {@code defaults.sh}, and Linux's own values beside it. */
    private static TcpSettings.Builder linux() {
        return TcpSettings.DEFAULTS
                .with()
                .personality(Personality.LINUX)
                .receiveBuffer(15 << 20) // the most that tcp_rmem lets the window grow to
                .sendBuffer(4 << 20)
                .initialWindow(10)
                .minRto(200 * MILLISECOND)
                .initialRto(SECOND)
                .maxRto(120 * SECOND)
                .delayedAck(40 * MILLISECOND)
                .synRetries(5)
                .synAckRetries(5);
    }

    private static TcpSettings.Builder freebsd() {
        return TcpSettings.DEFAULTS
                .with()
                .personality(Personality.BSD)
                .windowScale(6) // by kern.ipc.maxsockbuf=2097152
                .receiveBuffer(65_536)
                .sendBuffer(32_768)
                .initialWindow(10)
                .minRto(30 * MILLISECOND)
                .delayedAck(40 * MILLISECOND)
                .initialRto(SECOND)
                .maxRto(64 * SECOND)
                .retries(12)
                .synRetries(12)
                .synAckRetries(3);
    }
}
