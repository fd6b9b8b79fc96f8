package dev.jmtcp.driver.tap;

/** Names and numbers of linux/if_tun.h. */
final class Tun {

    static final String DEVICE = "/dev/net/tun";

    static final long TUNSETIFF = 0x400454caL;
    static final long TUNSETPERSIST = 0x400454cbL;
    static final long TUNSETOFFLOAD = 0x400454d0L;
    static final long TUNGETIFF = 0x800454d2L;
    static final long TUNSETVNETHDRSZ = 0x400454d8L;
    static final long TUNSETSTEERINGEBPF = 0x800454e0L;

    static final int IFF_TAP = 2;
    static final int IFF_MULTI_QUEUE = 0x100;
    static final int IFF_NO_PI = 0x1000;
    static final int IFF_VNET_HDR = 0x4000;

    /** Of {@link #TUNSETOFFLOAD}: frames may come without a checksum. */
    static final int TUN_F_CSUM = 1;

    /** Of {@link #TUNSETOFFLOAD}: frames of TCP over IPv4 may come uncut. */
    static final int TUN_F_TSO4 = 2;

    private Tun() {}
}
