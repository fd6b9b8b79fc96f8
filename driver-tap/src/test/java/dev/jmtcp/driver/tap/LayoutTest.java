package dev.jmtcp.driver.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jmtcp.testsupport.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The numbers and layouts of this driver, as a C program sees them in the headers of this machine. */
class LayoutTest {

    private static final String[] HEADERS = {
        "errno.h",
        "fcntl.h",
        "poll.h",
        "stddef.h",
        "stdio.h",
        "time.h",
        "net/if.h",
        "net/if_arp.h",
        "netinet/in.h",
        "sys/eventfd.h",
        "sys/ioctl.h",
        "sys/socket.h",
        "sys/syscall.h",
        "linux/bpf.h",
        "linux/capability.h",
        "linux/if_tun.h",
        "linux/virtio_net.h",
    };

    @Test
    void numbersAndLayouts_areThoseOfTheHeaders(@TempDir Path directory) throws Exception {
        Needs.command("gcc", "gcc libc6-dev linux-libc-dev");
        Map<String, Long> ours = ours();
        assertThat(askCompiler(ours, directory)).isEqualTo(ours);
    }

    /** What the driver takes for granted, by C expression. */
    private static Map<String, Long> ours() {
        var ours = new LinkedHashMap<String, Long>();
        ours.put("EPERM", (long) Errno.EPERM);
        ours.put("ENOENT", (long) Errno.ENOENT);
        ours.put("EINTR", (long) Errno.EINTR);
        ours.put("EIO", (long) Errno.EIO);
        ours.put("EAGAIN", (long) Errno.EAGAIN);
        ours.put("ENOMEM", (long) Errno.ENOMEM);
        ours.put("EACCES", (long) Errno.EACCES);
        ours.put("EBUSY", (long) Errno.EBUSY);
        ours.put("ENODEV", (long) Errno.ENODEV);
        ours.put("EINVAL", (long) Errno.EINVAL);
        ours.put("ENOBUFS", (long) Errno.ENOBUFS);
        ours.put("EADDRNOTAVAIL", (long) Errno.EADDRNOTAVAIL);

        ours.put("O_RDWR", (long) Libc.O_RDWR);
        ours.put("O_NONBLOCK", (long) Libc.O_NONBLOCK);
        ours.put("O_CLOEXEC", (long) Libc.O_CLOEXEC);
        ours.put("EFD_NONBLOCK", (long) Libc.EFD_NONBLOCK);
        ours.put("EFD_CLOEXEC", (long) Libc.EFD_CLOEXEC);
        ours.put("AF_INET", (long) Libc.AF_INET);
        ours.put("SOCK_DGRAM", (long) Libc.SOCK_DGRAM);
        ours.put("SOCK_CLOEXEC", (long) Libc.SOCK_CLOEXEC);

        ours.put("TUNSETIFF", Tun.TUNSETIFF);
        ours.put("TUNSETPERSIST", Tun.TUNSETPERSIST);
        ours.put("TUNSETOFFLOAD", Tun.TUNSETOFFLOAD);
        ours.put("TUNGETIFF", Tun.TUNGETIFF);
        ours.put("TUNSETVNETHDRSZ", Tun.TUNSETVNETHDRSZ);
        ours.put("TUNSETSTEERINGEBPF", Tun.TUNSETSTEERINGEBPF);
        ours.put("IFF_TAP", (long) Tun.IFF_TAP);
        ours.put("IFF_MULTI_QUEUE", (long) Tun.IFF_MULTI_QUEUE);
        ours.put("IFF_NO_PI", (long) Tun.IFF_NO_PI);
        ours.put("IFF_VNET_HDR", (long) Tun.IFF_VNET_HDR);
        ours.put("TUN_F_CSUM", (long) Tun.TUN_F_CSUM);
        ours.put("TUN_F_TSO4", (long) Tun.TUN_F_TSO4);

        ours.put("sizeof(struct ifreq)", (long) Interface.IFREQ);
        ours.put("IFNAMSIZ", (long) Interface.NAME_LENGTH);
        ours.put("offsetof(struct ifreq, ifr_flags)", (long) Interface.VALUE);
        ours.put("sizeof(((struct ifreq *) 0)->ifr_flags)", (long) Short.BYTES);
        ours.put("offsetof(struct ifreq, ifr_mtu)", (long) Interface.VALUE);
        ours.put("sizeof(((struct ifreq *) 0)->ifr_mtu)", (long) Integer.BYTES);
        ours.put("offsetof(struct ifreq, ifr_qlen)", (long) Interface.VALUE);
        ours.put("offsetof(struct ifreq, ifr_hwaddr.sa_family)", (long) Interface.VALUE);
        ours.put("sizeof(sa_family_t)", (long) Short.BYTES);
        ours.put("offsetof(struct ifreq, ifr_hwaddr.sa_data)", (long) Interface.HARDWARE_ADDRESS);
        ours.put("offsetof(struct ifreq, ifr_addr) + offsetof(struct sockaddr_in, sin_addr)", (long)
                Interface.IPV4_ADDRESS);
        ours.put("SIOCGIFFLAGS", Interface.SIOCGIFFLAGS);
        ours.put("SIOCSIFFLAGS", Interface.SIOCSIFFLAGS);
        ours.put("SIOCGIFADDR", Interface.SIOCGIFADDR);
        ours.put("SIOCSIFADDR", Interface.SIOCSIFADDR);
        ours.put("SIOCGIFNETMASK", Interface.SIOCGIFNETMASK);
        ours.put("SIOCSIFNETMASK", Interface.SIOCSIFNETMASK);
        ours.put("SIOCGIFMTU", Interface.SIOCGIFMTU);
        ours.put("SIOCSIFMTU", Interface.SIOCSIFMTU);
        ours.put("SIOCSIFHWADDR", Interface.SIOCSIFHWADDR);
        ours.put("SIOCGIFHWADDR", Interface.SIOCGIFHWADDR);
        ours.put("SIOCGIFINDEX", Interface.SIOCGIFINDEX);
        ours.put("SIOCGIFTXQLEN", Interface.SIOCGIFTXQLEN);
        ours.put("SIOCSIFTXQLEN", Interface.SIOCSIFTXQLEN);
        ours.put("IFF_UP", (long) Interface.IFF_UP);
        ours.put("IFF_RUNNING", (long) Interface.IFF_RUNNING);
        ours.put("ARPHRD_ETHER", (long) Interface.ARPHRD_ETHER);
        ours.put("CAP_NET_ADMIN", (long) Machine.CAP_NET_ADMIN);

        ours.put("sizeof(struct virtio_net_hdr)", (long) VirtioNetHeader.LENGTH);
        ours.put("offsetof(struct virtio_net_hdr, flags)", (long) VirtioNetHeader.FLAGS);
        ours.put("offsetof(struct virtio_net_hdr, gso_type)", (long) VirtioNetHeader.GSO_TYPE);
        ours.put("offsetof(struct virtio_net_hdr, hdr_len)", (long) VirtioNetHeader.HDR_LEN);
        ours.put("offsetof(struct virtio_net_hdr, gso_size)", (long) VirtioNetHeader.GSO_SIZE);
        ours.put("offsetof(struct virtio_net_hdr, csum_start)", (long) VirtioNetHeader.CSUM_START);
        ours.put("offsetof(struct virtio_net_hdr, csum_offset)", (long) VirtioNetHeader.CSUM_OFFSET);
        ours.put("VIRTIO_NET_HDR_F_NEEDS_CSUM", (long) VirtioNetHeader.F_NEEDS_CSUM);
        ours.put("VIRTIO_NET_HDR_F_DATA_VALID", (long) VirtioNetHeader.F_DATA_VALID);
        ours.put("VIRTIO_NET_HDR_GSO_NONE", (long) VirtioNetHeader.GSO_NONE);
        ours.put("VIRTIO_NET_HDR_GSO_TCPV4", (long) VirtioNetHeader.GSO_TCPV4);
        ours.put("VIRTIO_NET_HDR_GSO_TCPV6", (long) VirtioNetHeader.GSO_TCPV6);

        ours.put("sizeof(struct pollfd)", (long) Rest.POLLFD);
        ours.put("offsetof(struct pollfd, fd)", (long) Rest.FD);
        ours.put("offsetof(struct pollfd, events)", (long) Rest.EVENTS);
        ours.put("offsetof(struct pollfd, revents)", (long) Rest.REVENTS);
        ours.put("POLLIN", (long) Rest.POLLIN);
        ours.put("POLLOUT", (long) Rest.POLLOUT);
        ours.put("POLLERR", (long) Rest.POLLERR);
        ours.put("POLLHUP", (long) Rest.POLLHUP);
        ours.put("POLLNVAL", (long) Rest.POLLNVAL);
        ours.put("sizeof(struct timespec)", (long) Rest.TIMESPEC);
        ours.put("offsetof(struct timespec, tv_sec)", 0L);
        ours.put("offsetof(struct timespec, tv_nsec)", (long) Rest.NANOSECONDS);

        ours.put("SYS_bpf", (long) Steering.bpf());
        ours.put("BPF_PROG_LOAD", (long) Steering.BPF_PROG_LOAD);
        ours.put("BPF_PROG_TYPE_SOCKET_FILTER", (long) Steering.BPF_PROG_TYPE_SOCKET_FILTER);
        ours.put("offsetof(union bpf_attr, prog_type)", (long) Steering.PROG_TYPE);
        ours.put("offsetof(union bpf_attr, insn_cnt)", (long) Steering.INSN_CNT);
        ours.put("offsetof(union bpf_attr, insns)", (long) Steering.INSNS);
        ours.put("offsetof(union bpf_attr, license)", (long) Steering.LICENSE);
        ours.put("sizeof(struct bpf_insn)", (long) Steering.INSTRUCTION);
        ours.put("offsetof(struct bpf_insn, off)", (long) Steering.OFFSET);
        ours.put("offsetof(struct bpf_insn, imm)", (long) Steering.IMMEDIATE);
        ours.put("BPF_LD | BPF_ABS | BPF_B", (long) Steering.LD_ABS_BYTE);
        ours.put("BPF_LD | BPF_ABS | BPF_H", (long) Steering.LD_ABS_HALF);
        ours.put("BPF_LD | BPF_ABS | BPF_W", (long) Steering.LD_ABS_WORD);
        ours.put("BPF_LD | BPF_IND | BPF_W", (long) Steering.LD_IND_WORD);
        ours.put("BPF_ALU64 | BPF_MOV | BPF_X", (long) Steering.MOV_REGISTER);
        ours.put("BPF_ALU64 | BPF_MOV | BPF_K", (long) Steering.MOV);
        ours.put("BPF_ALU64 | BPF_AND | BPF_K", (long) Steering.AND);
        ours.put("BPF_ALU64 | BPF_XOR | BPF_X", (long) Steering.XOR_REGISTER);
        ours.put("BPF_ALU64 | BPF_LSH | BPF_K", (long) Steering.LEFT);
        ours.put("BPF_ALU64 | BPF_RSH | BPF_K", (long) Steering.RIGHT);
        ours.put("BPF_ALU | BPF_MUL | BPF_K", (long) Steering.MULTIPLY_INT);
        ours.put("BPF_ALU64 | BPF_MOD | BPF_K", (long) Steering.MODULO);
        ours.put("BPF_JMP | BPF_JEQ | BPF_K", (long) Steering.JUMP_EQUAL);
        ours.put("BPF_JMP | BPF_EXIT", (long) Steering.EXIT);
        return ours;
    }

    /** What the expressions are here. */
    private static Map<String, Long> askCompiler(Map<String, Long> expressions, Path directory)
            throws IOException, InterruptedException {
        var source = new StringBuilder();
        for (String header : HEADERS) {
            source.append("#include <").append(header).append(">\n");
        }
        source.append("int main(void) {\n");
        for (String expression : expressions.keySet()) {
            source.append("    printf(\"%llu ").append(expression).append("\\n\", (unsigned long long) (");
            source.append(expression).append("));\n");
        }
        source.append("    return 0;\n}\n");
        Path file = directory.resolve("layout.c");
        Path program = directory.resolve("layout");
        Files.writeString(file, source);
        output("gcc", "-D_GNU_SOURCE", "-o", program.toString(), file.toString());

        var answers = new LinkedHashMap<String, Long>();
        output(program.toString()).lines().forEach(line -> {
            int blank = line.indexOf(' ');
            answers.put(line.substring(blank + 1), Long.parseUnsignedLong(line.substring(0, blank)));
        });
        return answers;
    }

    private static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
