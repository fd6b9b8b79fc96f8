package dev.jmtcp.core.tcp;

import org.jspecify.annotations.Nullable;

/**
 * What few connections ever have: urgent data, duplicates to report, probes of an idle peer, soft errors, habits of
 * Linux. Until then they share {@link #NOTHING}, which is
 * only read; see {@link Connection#ownSeldom()}. Belongs to the stack's thread.
 */
final class Seldom {

    /** What holds for all others. Never written. */
    static final Seldom NOTHING = new Seldom();

    @Nullable
    CloseReason softError;

    /** SND.UP, while {@link #urgentToSend}. */
    int sndUp;

    boolean urgentToSend;

    /** RCV.UP as a position, while {@link #urgentPending}. */
    long urgentEnd;

    boolean urgentPending;

    /** When a segment without data outside the window was answered last, if one was. */
    long emptyAnsweredAt;

    boolean emptyAnswered;

    /** What came twice, to be reported in the next ACK (RFC 2883); nothing where both are the same. */
    int duplicateStart;

    int duplicateEnd;

    /** For {@link Personality#LINUX}: the end of the last segment below full size, if there was one. */
    int shortEnd;

    boolean shortSent;

    /** For it: whether data has come, how many ACKs are still not delayed, how many answers went out soon. */
    boolean dataSeen;

    byte quickAcks;
    byte dialogue;

    /** Keep-alive probes sent since the peer was heard last. */
    int keepAliveSent;

    void begin() {
        softError = null;
        sndUp = 0;
        urgentToSend = false;
        urgentEnd = 0;
        urgentPending = false;
        emptyAnsweredAt = 0;
        emptyAnswered = false;
        duplicateStart = 0;
        duplicateEnd = 0;
        shortSent = false;
        dataSeen = false;
        quickAcks = 0;
        dialogue = 0;
        keepAliveSent = 0;
    }
}
