package dev.jmtcp.core.tcp;

/** Says which local ports a connection may use so that its segments arrive on this stack's own queue. On the stack's thread. */
@FunctionalInterface
public interface LocalPorts {

    /** All of them: for a stack that is alone on its ports. */
    LocalPorts ANY = (_, _, _, _, _, _) -> true;

    /** Whether segments from the remote to the local end of this connection arrive on this stack's queue. */
    boolean arriveHere(long localHigh, long localLow, int localPort, long remoteHigh, long remoteLow, int remotePort);
}
