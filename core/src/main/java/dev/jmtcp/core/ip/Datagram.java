package dev.jmtcp.core.ip;

/** A datagram whose fragments have not all arrived; reused. */
final class Datagram {

    /** No fragment. */
    static final int NONE = -1;

    final int index;

    boolean active;

    /** Whether it has been given up: what still comes of it is thrown away (RFC 5722 section 4). */
    boolean condemned;

    int source;
    int destination;
    int protocol;
    int identification;

    /** When it is given up. */
    long deadline;

    /** The first fragment kept, by offset. */
    int first;

    /** How many fragments are kept. */
    int count;

    /** The payload bytes kept. */
    int received;

    /** The payload bytes of the whole; −1 until the last fragment has come. */
    int end;

    /** The bytes of the header of the fragment at offset 0; 0 until it has come. */
    int headerLength;

    /** Whether it came by way of another core, which sends the errors about it. */
    boolean passedOn;

    /** Whether a fragment was marked Congestion Experienced. */
    boolean congested;

    Datagram(int index) {
        this.index = index;
    }

    void begin(int source, int destination, int protocol, int identification, boolean passedOn, long deadline) {
        active = true;
        condemned = false;
        this.source = source;
        this.destination = destination;
        this.protocol = protocol;
        this.identification = identification;
        this.passedOn = passedOn;
        this.deadline = deadline;
        first = NONE;
        count = 0;
        received = 0;
        end = -1;
        headerLength = 0;
        congested = false;
    }

    boolean is(int source, int destination, int protocol, int identification) {
        return active
                && this.identification == identification
                && this.source == source
                && this.destination == destination
                && this.protocol == protocol;
    }
}
