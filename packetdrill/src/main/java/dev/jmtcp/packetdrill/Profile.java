package dev.jmtcp.packetdrill;

/** Whose behaviour a script takes for granted where the RFCs leave a choice. */
public enum Profile {
    /** Linux as public script collections configure it. */
    LINUX,
    /** FreeBSD. */
    FREEBSD,
    /** The stack as it is by default. */
    RFC
}
