package dev.jmtcp.driver.sim;

/**
 * How a wire is made.
 *
 * @param places the most queues, of all ports together, that can be on the wire at a time; 2 to 64
 * @param ring how many frames may lie between two queues; a power of two
 * @param frames the frame slots of each queue; 0 for as many as rings and impairments need
 * @param mtu the largest IP packet in bytes, 576 to 65535; a port's may be smaller
 * @param seed where hardware addresses and chance come from
 * @param impairments what a port does to the frames it sends, unless it is told otherwise
 * @param flowControl whether a sender waits for a receiver whose ring is full (up to a second in which that takes nothing); otherwise
 *     the frame is dropped and counted there as {@code rx ring full}
 * @param offloading what work ports take off the stack, unless they are told otherwise
 */
public record WireConfig(
        int places,
        int ring,
        int frames,
        int mtu,
        long seed,
        Impairments impairments,
        boolean flowControl,
        Offloading offloading) {

    static final int MAXIMUM_PLACES = 64;
    static final int MAXIMUM_RING = 1 << 20;
    static final int MAXIMUM_FRAMES = 1 << 24;
    static final int MINIMUM_MTU = 576;
    static final int MAXIMUM_MTU = 65535;
    static final int ETHERNET_HEADER = 14;

    /** A perfect wire: 8 places, rings of 1024, MTU 1500, seed 1, flow control. */
    public static final WireConfig DEFAULT =
            new WireConfig(8, 1024, 0, 1500, 1, Impairments.NONE, true, Offloading.NONE);

    public WireConfig {
        check("places", places, 2, MAXIMUM_PLACES);
        check("ring", ring, 4, MAXIMUM_RING);
        if (Integer.bitCount(ring) != 1) {
            throw new IllegalArgumentException("ring: " + ring + " is not a power of two");
        }
        check("frames", frames, 0, MAXIMUM_FRAMES);
        check("mtu", mtu, MINIMUM_MTU, MAXIMUM_MTU);
    }

    public WireConfig withPlaces(int places) {
        return new WireConfig(places, ring, frames, mtu, seed, impairments, flowControl, offloading);
    }

    public WireConfig withRing(int ring) {
        return new WireConfig(places, ring, frames, mtu, seed, impairments, flowControl, offloading);
    }

    public WireConfig withFrames(int frames) {
        return new WireConfig(places, ring, frames, mtu, seed, impairments, flowControl, offloading);
    }

    public WireConfig withMtu(int mtu) {
        return new WireConfig(places, ring, frames, mtu, seed, impairments, flowControl, offloading);
    }

    public WireConfig withSeed(long seed) {
        return new WireConfig(places, ring, frames, mtu, seed, impairments, flowControl, offloading);
    }

    public WireConfig withImpairments(Impairments impairments) {
        return new WireConfig(places, ring, frames, mtu, seed, impairments, flowControl, offloading);
    }

    public WireConfig withFlowControl(boolean flowControl) {
        return new WireConfig(places, ring, frames, mtu, seed, impairments, flowControl, offloading);
    }

    public WireConfig withOffloading(Offloading offloading) {
        return new WireConfig(places, ring, frames, mtu, seed, impairments, flowControl, offloading);
    }

    /** The geometry of the wire's memory. */
    Layout layout() {
        int capacity = mtu + ETHERNET_HEADER;
        int slots = frames != 0 ? frames : 2 * ring + impairments.framesUnderWay(capacity);
        return new Layout(places, ring, slots, capacity);
    }

    private static void check(String what, int value, int minimum, int maximum) {
        if (value < minimum || value > maximum) {
            throw new IllegalArgumentException(what + ": " + value + ", expected " + minimum + " to " + maximum);
        }
    }
}
