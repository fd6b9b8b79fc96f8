package dev.jmtcp.driver.psio;

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

/** The numbers and layouts of this driver, as a C program sees them in the headers of this machine and in that of the stand-in. */
class LayoutTest {

    private static final String[] HEADERS = {
        "<errno.h>",
        "<fcntl.h>",
        "<stddef.h>",
        "<stdio.h>",
        "<net/if.h>",
        "<sys/ioctl.h>",
        "<sys/mman.h>",
        "<sys/socket.h>",
        "\"packet_shader.h\"",
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
        ours.put("ENXIO", (long) Errno.ENXIO);
        ours.put("EAGAIN", (long) Errno.EAGAIN);
        ours.put("EWOULDBLOCK", (long) Errno.EAGAIN);
        ours.put("ENOMEM", (long) Errno.ENOMEM);
        ours.put("EACCES", (long) Errno.EACCES);
        ours.put("EFAULT", (long) Errno.EFAULT);
        ours.put("EBUSY", (long) Errno.EBUSY);
        ours.put("ENODEV", (long) Errno.ENODEV);
        ours.put("EINVAL", (long) Errno.EINVAL);
        ours.put("ENOTTY", (long) Errno.ENOTTY);

        ours.put("O_RDWR", (long) Libc.O_RDWR);
        ours.put("O_CLOEXEC", (long) Libc.O_CLOEXEC);
        ours.put("PROT_READ", (long) Libc.PROT_READ);
        ours.put("PROT_WRITE", (long) Libc.PROT_WRITE);
        ours.put("MAP_SHARED", (long) Libc.MAP_SHARED);
        ours.put("MAP_FAILED", Libc.MAP_FAILED);
        ours.put("AF_INET", (long) Libc.AF_INET);
        ours.put("SOCK_DGRAM", (long) Libc.SOCK_DGRAM);
        ours.put("SOCK_CLOEXEC", (long) Libc.SOCK_CLOEXEC);

        ours.put("sizeof(struct ifreq)", (long) Interface.IFREQ);
        ours.put("IFNAMSIZ", (long) Interface.NAME_LENGTH);
        ours.put("offsetof(struct ifreq, ifr_flags)", (long) Interface.VALUE);
        ours.put("sizeof(((struct ifreq *) 0)->ifr_flags)", (long) Short.BYTES);
        ours.put("offsetof(struct ifreq, ifr_mtu)", (long) Interface.VALUE);
        ours.put("sizeof(((struct ifreq *) 0)->ifr_mtu)", (long) Integer.BYTES);
        ours.put("SIOCGIFFLAGS", Interface.SIOCGIFFLAGS);
        ours.put("SIOCGIFMTU", Interface.SIOCGIFMTU);
        ours.put("IFF_UP", (long) Interface.IFF_UP);
        ours.put("IFF_RUNNING", (long) Interface.IFF_RUNNING);

        ours.put("PS_LIST_DEVICES", (long) Ps.LIST_DEVICES);
        ours.put("PS_ATTACH_RX_DEVICE", (long) Ps.ATTACH_RX_DEVICE);
        ours.put("PS_DETACH_RX_DEVICE", (long) Ps.DETACH_RX_DEVICE);
        ours.put("PS_SLOWPATH_PACKET", (long) Ps.SLOWPATH_PACKET);
        ours.put("PS_RECV_CHUNK_IFIDX", (long) Ps.RECV_CHUNK_IFIDX);
        ours.put("PS_SEND_CHUNK_BUF", (long) Ps.SEND_CHUNK_BUF);
        ours.put("PS_GET_TXENTRY", (long) Ps.GET_TXENTRY);
        ours.put("PS_SELECT", (long) Ps.SELECT);
        ours.put("PS_MAX_DEVICES", (long) Ps.MAX_DEVICES);
        ours.put("PS_MAX_RINGS", (long) Ps.MAX_RINGS);
        ours.put("PS_MAX_PACKET", (long) Ps.MAX_PACKET_SIZE);
        ours.put("PS_MAX_CHUNK", (long) Ps.MAX_CHUNK_SIZE);
        ours.put("PS_SEND_MINIMUM", (long) Ps.SEND_MIN);
        ours.put("PS_SHORTEST_SLOWPATH", (long) Ps.SLOWPATH_SHORTEST);
        ours.put("PS_LONGEST_SLOWPATH", (long) Ps.SLOWPATH_LONGEST);
        ours.put("PS_CHECKSUM_GOOD", (long) Ps.CHECKSUM_GOOD);
        ours.put("PS_CHECKSUM_BAD", (long) Ps.CHECKSUM_BAD);

        ours.put("sizeof(struct ps_queue)", (long) Ps.QUEUE);
        ours.put("offsetof(struct ps_queue, ifindex)", (long) Ps.QUEUE_IFINDEX);
        ours.put("offsetof(struct ps_queue, qidx)", (long) Ps.QUEUE_QIDX);
        ours.put("sizeof(struct ps_pkt_info)", (long) Ps.INFO);
        ours.put("offsetof(struct ps_pkt_info, offset)", (long) Ps.INFO_OFFSET);
        ours.put("offsetof(struct ps_pkt_info, length)", (long) Ps.INFO_LENGTH);
        ours.put("offsetof(struct ps_pkt_info, checksum_rx)", (long) Ps.INFO_CHECKSUM);
        ours.put("sizeof(struct ps_device)", (long) Ps.LISTED);
        ours.put("offsetof(struct ps_device, name)", (long) Ps.LISTED_NAME);
        ours.put("sizeof(((struct ps_device *) 0)->name)", (long) Ps.LISTED_NAME_LENGTH);
        ours.put("offsetof(struct ps_device, mac)", (long) Ps.LISTED_MAC);
        ours.put("offsetof(struct ps_device, ifindex)", (long) Ps.LISTED_IFINDEX);
        ours.put("offsetof(struct ps_device, rx_queues)", (long) Ps.LISTED_RX_QUEUES);
        ours.put("offsetof(struct ps_device, tx_queues)", (long) Ps.LISTED_TX_QUEUES);
        ours.put("sizeof(struct ps_chunk)", (long) Ps.CHUNK);
        ours.put("offsetof(struct ps_chunk, count)", (long) Ps.CHUNK_COUNT);
        ours.put("offsetof(struct ps_chunk, queue.ifindex)", (long) Ps.CHUNK_IFINDEX);
        ours.put("offsetof(struct ps_chunk, info)", (long) Ps.CHUNK_INFO);
        ours.put("offsetof(struct ps_chunk, buffer)", (long) Ps.CHUNK_BUFFER);
        ours.put("sizeof(struct ps_chunk_buf)", (long) Ps.SEND);
        ours.put("offsetof(struct ps_chunk_buf, count)", (long) Ps.SEND_COUNT);
        ours.put("offsetof(struct ps_chunk_buf, next_to_use)", (long) Ps.SEND_NEXT_TO_USE);
        ours.put("offsetof(struct ps_chunk_buf, next_to_send)", (long) Ps.SEND_NEXT_TO_SEND);
        ours.put("offsetof(struct ps_chunk_buf, next_offset)", (long) Ps.SEND_NEXT_OFFSET);
        ours.put("offsetof(struct ps_chunk_buf, queue.ifindex)", (long) Ps.SEND_IFINDEX);
        ours.put("offsetof(struct ps_chunk_buf, queue.qidx)", (long) Ps.SEND_QIDX);
        ours.put("offsetof(struct ps_chunk_buf, info)", (long) Ps.SEND_INFO);
        ours.put("offsetof(struct ps_chunk_buf, buffer)", (long) Ps.SEND_BUFFER);
        ours.put("sizeof(struct ps_packet)", (long) Ps.PACKET);
        ours.put("offsetof(struct ps_packet, ifindex)", (long) Ps.PACKET_IFINDEX);
        ours.put("offsetof(struct ps_packet, length)", (long) Ps.PACKET_LENGTH);
        ours.put("offsetof(struct ps_packet, buffer)", (long) Ps.PACKET_BUFFER);
        ours.put("sizeof(struct ps_event)", (long) Ps.EVENT);
        ours.put("offsetof(struct ps_event, timeout)", (long) Ps.EVENT_TIMEOUT);
        ours.put("offsetof(struct ps_event, qidx)", (long) Ps.EVENT_QIDX);
        ours.put("offsetof(struct ps_event, rx_nids)", (long) Ps.EVENT_RX);
        ours.put("offsetof(struct ps_event, tx_nids)", (long) Ps.EVENT_TX);
        return ours;
    }

    /** What the expressions are here. */
    private static Map<String, Long> askCompiler(Map<String, Long> expressions, Path directory)
            throws IOException, InterruptedException {
        var source = new StringBuilder();
        for (String header : HEADERS) {
            source.append("#include ").append(header).append('\n');
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
        output("gcc", "-D_GNU_SOURCE", "-Isrc/test/c", "-o", program.toString(), file.toString());

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
