package dev.jmtcp.driver.netmap;

/** Names and numbers of net/netmap.h and net/netmap_legacy.h, of API 14. */
final class Netmap {

    static final String DEVICE = "/dev/netmap";

    static final int API = 14;

    /** The newest that means the same. */
    static final int NEWEST_API = 15;

    static final long NIOCCTRL = 0xc0586997L;
    static final long NIOCTXSYNC = 0x6994;
    static final long NIOCRXSYNC = 0x6995;

    /** What modules before API 14 have for {@link #NIOCCTRL} and {@link #REQ_REGISTER}. */
    static final long NIOCREGIF = 0xc03c6992L;

    static final int REQ_REGISTER = 1;

    /** All rings of the device. */
    static final int REG_ALL_NIC = 1;

    /** The rings to and from the kernel's own stack. */
    static final int REG_SW = 2;

    /** One pair of rings. */
    static final int REG_ONE_NIC = 4;

    /** The ends of a pipe, as modules before API 14 want them. */
    static final int REG_PIPE_MASTER = 5;

    static final int REG_PIPE_SLAVE = 6;

    /** No other program may bind the same rings. */
    static final int EXCLUSIVE = 0x800;

    /** The frame goes on in the next slot. */
    static final int MOREFRAG = 0x20;

    private Netmap() {}
}
