package dev.jmtcp.packetdrill.run;

import dev.jmtcp.core.socket.EpollEvent;
import dev.jmtcp.core.socket.Errno;
import java.util.HashMap;
import java.util.Map;

/** The names of the C library that scripts use, with Linux's values, and those of errors. */
final class Constants {

    static final int O_RDWR = 2;
    static final int O_NONBLOCK = 0x800;

    static final int MSG_OOB = 0x1;
    static final int MSG_PEEK = 0x2;
    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_EOR = 0x80;
    static final int MSG_WAITALL = 0x100;
    static final int MSG_ERRQUEUE = 0x2000;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int MSG_MORE = 0x8000;
    static final int MSG_ZEROCOPY = 0x400_0000;
    static final int MSG_FASTOPEN = 0x2000_0000;

    /** Errors that the socket API tells by return values. */
    private static final Map<String, Integer> FURTHER_ERRORS = Map.ofEntries(
            Map.entry("EAGAIN", 11),
            Map.entry("EWOULDBLOCK", 11),
            Map.entry("EFAULT", 14),
            Map.entry("EINPROGRESS", 115),
            Map.entry("EMSGSIZE", 90),
            Map.entry("EOPNOTSUPP", 95));

    private static final Map<String, Long> VALUES = values();

    private Constants() {}

    private static Map<String, Long> values() {
        Map<String, Long> values = new HashMap<>();
        for (Errno errno : Errno.values()) {
            values.put(errno.name(), (long) errno.number());
        }
        FURTHER_ERRORS.forEach((name, number) -> values.put(name, (long) number));
        String[] pairs = {
            "NULL 0",
            "AF_INET 2",
            "PF_INET 2",
            "AF_INET6 10",
            "SOCK_STREAM 1",
            "SOCK_DGRAM 2",
            "SOCK_NONBLOCK 0x800",
            "SOCK_CLOEXEC 0x80000",
            "IPPROTO_IP 0",
            "IPPROTO_TCP 6",
            "IPPROTO_UDP 17",
            "IPPROTO_UDPLITE 136",
            "IPPROTO_SCTP 132",
            "IPPROTO_IPV6 41",
            "O_RDONLY 0",
            "O_WRONLY 1",
            "O_RDWR 2",
            "O_NONBLOCK 0x800",
            "F_GETFD 1",
            "F_SETFD 2",
            "F_GETFL 3",
            "F_SETFL 4",
            "SHUT_RD 0",
            "SHUT_WR 1",
            "SHUT_RDWR 2",
            "MSG_OOB 0x1",
            "MSG_PEEK 0x2",
            "MSG_TRUNC 0x20",
            "MSG_DONTWAIT 0x40",
            "MSG_EOR 0x80",
            "MSG_WAITALL 0x100",
            "MSG_ERRQUEUE 0x2000",
            "MSG_NOSIGNAL 0x4000",
            "MSG_MORE 0x8000",
            "MSG_ZEROCOPY 0x4000000",
            "MSG_FASTOPEN 0x20000000",
            "POLLIN 0x1",
            "POLLPRI 0x2",
            "POLLOUT 0x4",
            "POLLERR 0x8",
            "POLLHUP 0x10",
            "POLLNVAL 0x20",
            "POLLRDNORM 0x40",
            "POLLRDBAND 0x80",
            "POLLWRNORM 0x100",
            "POLLWRBAND 0x200",
            "POLLRDHUP 0x2000",
            "EPOLL_CTL_ADD 1",
            "EPOLL_CTL_DEL 2",
            "EPOLL_CTL_MOD 3",
            "EPOLL_CLOEXEC 0x80000",
            "SIOCINQ 0x541b",
            "FIONREAD 0x541b",
            "TIOCINQ 0x541b",
            "SIOCOUTQ 0x5411",
            "TIOCOUTQ 0x5411",
            "SIOCATMARK 0x8905",
            "IPTOS_LOWDELAY 0x10",
            "IPTOS_THROUGHPUT 0x8",
            "IPTOS_RELIABILITY 0x4",
            "IPTOS_DSCP_CS1 0x20",
            "IPTOS_DSCP_CS7 0xe0",
            "IPTOS_DSCP_EF 0xb8",
            "IP_PMTUDISC_DONT 0",
            "IP_PMTUDISC_WANT 1",
            "IP_PMTUDISC_DO 2",
            "IP_PMTUDISC_PROBE 3"
        };
        for (String pair : pairs) {
            int space = pair.indexOf(' ');
            values.put(pair.substring(0, space), Long.decode(pair.substring(space + 1)));
        }
        String[] events = {"IN", "PRI", "OUT", "ERR", "HUP", "RDNORM", "RDBAND", "WRNORM", "WRBAND", "MSG", "RDHUP"};
        int[] bits = {
            EpollEvent.IN,
            EpollEvent.PRI,
            EpollEvent.OUT,
            EpollEvent.ERR,
            EpollEvent.HUP,
            EpollEvent.RDNORM,
            EpollEvent.RDBAND,
            EpollEvent.WRNORM,
            EpollEvent.WRBAND,
            EpollEvent.MSG,
            EpollEvent.RDHUP
        };
        for (int i = 0; i < events.length; i++) {
            values.put("EPOLL" + events[i], (long) bits[i]);
        }
        values.put("EPOLLONESHOT", (long) EpollEvent.ONESHOT);
        values.put("EPOLLET", Integer.toUnsignedLong(EpollEvent.ET));
        return values;
    }

    /** The value of a name. */
    static long of(String name) {
        Long value = VALUES.get(name);
        if (value == null) {
            throw Failure.unsupported("the constant " + name);
        }
        return value;
    }

    /** Whether this is the name of an error. */
    static boolean isError(String name) {
        return name.startsWith("E") && !name.startsWith("EPOLL") && VALUES.containsKey(name);
    }
}
