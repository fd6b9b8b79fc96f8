package dev.jmtcp.packetdrill.script;

/** The flags of the TCP header (RFC 9293 section 3.1, RFC 3168, RFC 9768) and how scripts write them. */
public final class TcpFlags {

    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;
    public static final int URG = 0x20;
    public static final int ECE = 0x40;
    public static final int CWR = 0x80;
    public static final int AE = 0x100;

    /** The three flags that make up the ACE counter (RFC 9768), AE the highest. */
    private static final int[] COUNTER = {ECE, CWR, AE};

    private static final String LETTERS = "FSRP.UEWA";

    private TcpFlags() {}

    /** The flag of a letter; −1 if there is none. */
    public static int of(char letter) {
        int bit = LETTERS.indexOf(letter);
        return bit < 0 ? -1 : 1 << bit;
    }

    /** The flags that make a value of the ACE counter. */
    public static int counter(int value) {
        int flags = 0;
        for (int bit = 0; bit < COUNTER.length; bit++) {
            flags |= (value >> bit & 1) * COUNTER[bit];
        }
        return flags;
    }

    /** The flags as scripts write them; {@code -} for none. */
    public static String toString(int flags) {
        var text = new StringBuilder();
        for (char letter : "SFRPUEWA.".toCharArray()) {
            if ((flags & of(letter)) != 0) {
                text.append(letter);
            }
        }
        return text.isEmpty() ? "-" : text.toString();
    }
}
