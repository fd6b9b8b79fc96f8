package dev.jmtcp.core.socket;

import java.util.StringJoiner;

/** The event bits of {@link Epoll}, with the values that Linux and mTCP give them. */
public final class EpollEvent {

    /** There is something to read, or to accept, or the end has been reached. */
    public static final int IN = 0x001;

    /** There is urgent data. */
    public static final int PRI = 0x002;

    /** A third of the send buffer is free, or a write would fail at once. */
    public static final int OUT = 0x004;

    /** An error is pending; always reported. */
    public static final int ERR = 0x008;

    /** Both directions are shut; always reported. */
    public static final int HUP = 0x010;

    /** The same as {@link #IN}. */
    public static final int RDNORM = 0x040;

    /** Never reported: there are no bands. */
    public static final int RDBAND = 0x080;

    /** The same as {@link #OUT}. */
    public static final int WRNORM = 0x100;

    /** Never reported: there are no bands. */
    public static final int WRBAND = 0x200;

    /** Never reported. */
    public static final int MSG = 0x400;

    /** The peer has closed its side, or the receiving side was shut down here. */
    public static final int RDHUP = 0x2000;

    /** With {@link Epoll#add} and {@link Epoll#modify}: nothing more after the first report, until modified again. */
    public static final int ONESHOT = 1 << 30;

    /** With {@link Epoll#add} and {@link Epoll#modify}: edge-triggered; reported when something has happened, not for as long as it holds. */
    public static final int ET = 1 << 31;

    static final int ALWAYS = ERR | HUP;
    static final int MODES = ONESHOT | ET;
    static final int KNOWN =
            IN | PRI | OUT | ERR | HUP | RDNORM | RDBAND | WRNORM | WRBAND | MSG | RDHUP | ONESHOT | ET;

    static final int READ = IN | RDNORM;
    static final int WRITE = OUT | WRNORM;

    private static final String[] NAMES = {
        "IN", "PRI", "OUT", "ERR", "HUP", null, "RDNORM", "RDBAND", "WRNORM", "WRBAND", "MSG", null, null, "RDHUP"
    };

    private EpollEvent() {}

    /** The names of the bits, {@code "EPOLLIN|EPOLLOUT"}: mTCP's EventToString. */
    public static String toString(int events) {
        var text = new StringJoiner("|");
        int unnamed = events;
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            String name = bit < NAMES.length
                    ? NAMES[bit]
                    : switch (1 << bit) {
                        case ONESHOT -> "ONESHOT";
                        case ET -> "ET";
                        default -> null;
                    };
            if ((events >>> bit & 1) != 0 && name != null) {
                text.add("EPOLL" + name);
                unnamed &= ~(1 << bit);
            }
        }
        if (unnamed != 0 || events == 0) {
            text.add(events == 0 ? "0" : "0x" + Integer.toHexString(unnamed));
        }
        return text.toString();
    }
}
