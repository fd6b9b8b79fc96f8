package dev.jmtcp.core.tcp;

/**
 * Proportional rate reduction (RFC 9937): during fast recovery, sending is clocked by what arrives, in proportion, so that at the end as much is in flight as
 * the slow start threshold says. Sizes in bytes. Belongs to the connection's thread; allocates nothing.
 */
final class Prr {

    /** RecoverFS: what was in flight at the beginning and could still arrive. */
    private long recoverFlight;

    /** prr_delivered: what has arrived during recovery. */
    private long delivered;

    /** prr_out: what has been sent during recovery. */
    private long out;

    /** How many ACKs since something was sent have moved SND.UNA and shown no loss; several may be processed before anything is sent. */
    private int safeAcks;

    /** Recovery begins. */
    void enter(int recoverFlight) {
        this.recoverFlight = Math.max(1, recoverFlight);
        delivered = 0;
        out = 0;
        safeAcks = 0;
    }

    /** Something has been sent, for the first time or again. */
    void sent(int bytes) {
        out += bytes;
        safeAcks = 0;
    }

    /**
     * An ACK has come; answers the congestion window (RFC 9937 section 6.2).
     *
     * @param arrived what it says has arrived, cumulatively or selectively, and was not known to have
     * @param pipe what is in flight now
     * @param safe whether it moves SND.UNA and shows no further loss
     */
    int onAck(int arrived, int pipe, int ssthresh, int smss, boolean safe) {
        delivered += arrived;
        long allowed;
        if (pipe > ssthresh) {
            allowed = (delivered * ssthresh + recoverFlight - 1) / recoverFlight - out;
        } else {
            allowed = Math.max(delivered - out, arrived);
            if (safe) {
                safeAcks++;
            }
            allowed = Math.min(ssthresh - pipe, allowed + (long) safeAcks * smss);
        }
        if (out == 0) {
            allowed = Math.max(allowed, smss); // the first that is sent again goes in any case
        }
        return (int) (pipe + Math.max(0, allowed));
    }
}
