package dev.jmtcp.core.tcp;

/** The habits of a system where the RFCs leave a choice, so that scripts and captures of that system fit. */
public enum Personality {

    /** What the RFCs recommend, options in Linux's order. */
    PLAIN,

    /**
     * Linux: the first data is acknowledged at once; Nagle's algorithm as Minshall changed it; a frame that the device cuts into segments is
     * pushed.
     */
    LINUX,

    /** FreeBSD: its order of options; a receive buffer of whole segments, whose free part is always offered. */
    BSD;

    /** How many ACKs are not delayed when data begins to come: Linux's TCP_MAX_QUICKACKS. */
    static final int QUICK_ACKS = 16;

    /** After so many answers in time the connection is one of question and answer, and its ACKs wait for them: Linux's TCP_PINGPONG_THRESH. */
    static final int DIALOGUE = 3;
}
