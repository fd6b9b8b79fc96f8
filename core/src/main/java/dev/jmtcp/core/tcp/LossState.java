package dev.jmtcp.core.tcp;

/**
 * What a connection remembers of losses, retransmissions, reordering and marks of congestion. Most connections never meet any: until then they share
 * {@link #NONE}, which is only read; see {@link Connection#ownLoss()}. Belongs to the stack's thread.
 */
final class LossState {

    /** What holds where nothing was ever lost. Never written. */
    static final LossState NONE = new LossState();

    Connection.Recovery recovery = Connection.Recovery.OPEN;

    /** SND.NXT when recovery began; else below all that is in flight. */
    int recoveryPoint;

    int dupAcks;
    int flightAtFirstDuplicate;
    boolean forceRetransmit;
    int totalRetransmits;

    /** Whether this path was seen to reorder (RFC 8985 section 6.2, step 3). */
    boolean reorderingSeen;

    /** RACK.reo_wnd_mult: the reordering window in quarters of the least round trip. */
    byte reorderSteps = 1;

    /** RACK.reo_wnd_persist: for how many recoveries it stays wide. */
    byte reorderPersist;

    /** RACK.dsack_round: until this is acknowledged a duplicate reported does not widen it again. */
    int reorderRound;

    /** Whether the last reduction of the window may be taken back. */
    boolean mayUndo;

    /** Whether anything was sent again since {@link #resentStamp}. */
    boolean hasResent;

    /** SND.UNA when the window was reduced. */
    int undoMarker;

    /** How many segments sent again have not been reported as duplicates. */
    int undoResent;

    /** The timestamp of the first segment sent again. */
    int resentStamp;

    SpuriousRecovery.Frto frto = SpuriousRecovery.Frto.OFF;
    TailLossProbe.Probe probe = TailLossProbe.Probe.NONE;

    /** TLP.end_seq: SND.NXT when the probe was sent. */
    int probeEnd;

    boolean lossProbeDue;

    /** SND.NXT when the window was reduced last, with {@link Ecn#AGREED}. */
    int ecnPoint;

    /** Forgets everything, for a connection in which nothing has been lost yet. */
    void begin(int sndUna) {
        recovery = Connection.Recovery.OPEN;
        recoveryPoint = sndUna - 1;
        dupAcks = 0;
        flightAtFirstDuplicate = 0;
        forceRetransmit = false;
        totalRetransmits = 0;
        reorderingSeen = false;
        reorderSteps = 1;
        reorderPersist = 0;
        reorderRound = 0;
        mayUndo = false;
        hasResent = false;
        undoMarker = 0;
        undoResent = 0;
        resentStamp = 0;
        frto = SpuriousRecovery.Frto.OFF;
        probe = TailLossProbe.Probe.NONE;
        probeEnd = 0;
        lossProbeDue = false;
        ecnPoint = sndUna - 1;
    }
}
