package dev.jmtcp.pcap;

/**
 * What frames were captured on.
 *
 * @param name its name; empty if the file does not say
 * @param linkType what the frames begin with, by the numbers of the pcap LINKTYPE registry: {@link #ETHERNET}
 */
public record CaptureInterface(String name, int linkType) {

    /** LINKTYPE_ETHERNET: frames begin with an Ethernet header. */
    public static final int ETHERNET = 1;

    /** An Ethernet interface. */
    public static CaptureInterface ethernet(String name) {
        return new CaptureInterface(name, ETHERNET);
    }
}
