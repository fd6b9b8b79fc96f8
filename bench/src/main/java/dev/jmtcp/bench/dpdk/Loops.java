package dev.jmtcp.bench.dpdk;

/** The loops that are measured, in one language. Each returns how many frames or buffers it handled. */
interface Loops {

    /** Asks a device that never has a frame. */
    long poll(Bed bed, long rounds);

    /** Receives 32 frames and sends them. */
    long forward(Bed bed, long rounds);

    /** Takes 32 packet buffers, makes them fit to be written, and gives them back. */
    long allocate(Bed bed, long rounds);
}
