package dev.jmtcp.driver.netmap;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a netmap port, as the kernel module wants it, and what it is a name of.
 *
 * <pre>
 *  eth0          a network card
 *  eth0^         the kernel's own stack, as it hangs on that card: the rings between it and the card
 *  vale0:1       a port of a VALE switch; both are made when first opened
 *  x{1   x}1     the ends of a pipe, which is made when first opened
 *  netmap:eth0   any of them, as the tools of netmap write it
 * </pre>
 *
 * @param request the name in requests
 * @param device the network interface it belongs to, if it does
 */
record PortName(Kind kind, String request, Optional<String> device) {

    enum Kind {
        CARD,
        HOST,
        VALE,
        PIPE
    }

    static final String ACCEPTED =
            "interfaces (eth0), ports of VALE switches (vale0:1), ends of pipes (x{1 and x}1), or the kernel's side of a card (eth0^)";

    private static final String PREFIX = "netmap:";

    /** IFNAMSIZ of linux/if.h and NETMAP_REQ_IFNAMSIZ of net/netmap.h, less the terminating zero. */
    private static final int LONGEST_INTERFACE = 15;

    private static final int LONGEST = 63;

    private static final Pattern VALE = Pattern.compile("vale[A-Za-z0-9_]*:[^\\s{}:]+");
    private static final Pattern PIPE = Pattern.compile("([^\\s{}]+)[{}][^\\s{}]+");
    private static final Pattern INTERFACE = Pattern.compile("(?!all$|\\.{1,2}$)[^\\s{}:/^*@]+");

    /** @throws IllegalArgumentException if it names no port */
    static PortName parse(String text) {
        String name = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text;
        if (name.length() <= LONGEST) {
            var pipe = PIPE.matcher(name);
            if (pipe.matches() && isParent(pipe.group(1))) {
                return new PortName(Kind.PIPE, name, Optional.empty());
            }
            if (VALE.matcher(name).matches()) {
                return new PortName(Kind.VALE, name, Optional.empty());
            }
            if (name.endsWith("^") && isInterface(name.substring(0, name.length() - 1))) {
                String device = name.substring(0, name.length() - 1);
                return new PortName(Kind.HOST, device, Optional.of(device));
            }
            if (isInterface(name)) {
                return new PortName(Kind.CARD, name, Optional.of(name));
            }
        }
        throw new IllegalArgumentException(text);
    }

    private static boolean isParent(String name) {
        return VALE.matcher(name).matches() || isInterface(name);
    }

    private static boolean isInterface(String name) {
        return name.length() <= LONGEST_INTERFACE
                && !name.startsWith("vale")
                && INTERFACE.matcher(name).matches();
    }

    /** Which rings to bind: one of the REG constants of {@link Netmap}. */
    int mode(int queues) {
        if (kind == Kind.HOST) {
            return Netmap.REG_SW;
        }
        return queues == 1 ? Netmap.REG_ALL_NIC : Netmap.REG_ONE_NIC;
    }
}
