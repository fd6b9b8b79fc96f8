package dev.jmtcp.driver.netmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The numbers and layouts of netmap's interface, which this machine need not have headers of: what a C compiler said of net/netmap.h and
 * net/netmap_legacy.h, of API 14, for x86-64.
 */
class NetmapLayoutTest {

    private final Map<String, Long> theirs = new LinkedHashMap<>();
    private final Map<String, Long> ours = new LinkedHashMap<>();

    private void is(String expression, long their, long our) {
        theirs.put(expression, their);
        ours.put(expression, our);
    }

    @Test
    void numbers_areThoseOfTheHeaders() {
        is("NETMAP_API", 14, Netmap.API);
        is("NIOCCTRL", 0xc058_6997L, Netmap.NIOCCTRL);
        is("NIOCTXSYNC", 0x6994, Netmap.NIOCTXSYNC);
        is("NIOCRXSYNC", 0x6995, Netmap.NIOCRXSYNC);
        is("NIOCREGIF", 0xc03c_6992L, Netmap.NIOCREGIF);
        is("NETMAP_REQ_REGISTER", 1, Netmap.REQ_REGISTER);
        is("NR_REG_ALL_NIC", 1, Netmap.REG_ALL_NIC);
        is("NR_REG_SW", 2, Netmap.REG_SW);
        is("NR_REG_ONE_NIC", 4, Netmap.REG_ONE_NIC);
        is("NR_REG_PIPE_MASTER", 5, Netmap.REG_PIPE_MASTER);
        is("NR_REG_PIPE_SLAVE", 6, Netmap.REG_PIPE_SLAVE);
        is("NR_EXCLUSIVE", 0x800, Netmap.EXCLUSIVE);
        is("NS_MOREFRAG", 0x20, Netmap.MOREFRAG);

        assertThat(ours).isEqualTo(theirs);
    }

    @Test
    void requests_areLaidOutAsInTheHeaders() {
        is("sizeof(struct nmreq_header)", 88, Request.HEADER);
        is("nmreq_header.nr_version", 0, Request.VERSION);
        is("nmreq_header.nr_reqtype", 2, Request.TYPE);
        is("nmreq_header.nr_name", 8, Request.NAME);
        is("NETMAP_REQ_IFNAMSIZ", 64, Request.NAME_LENGTH);
        is("nmreq_header.nr_options", 72, Request.OPTIONS);
        is("nmreq_header.nr_body", 80, Request.BODY);

        is("sizeof(struct nmreq_register)", 56, Request.REGISTER);
        is("nmreq_register.nr_offset", 0, Request.OFFSET);
        is("nmreq_register.nr_memsize", 8, Request.MEMORY_SIZE);
        is("nmreq_register.nr_tx_slots", 16, Request.TX_SLOTS);
        is("nmreq_register.nr_rx_slots", 20, Request.RX_SLOTS);
        is("nmreq_register.nr_tx_rings", 24, Request.TX_RINGS);
        is("nmreq_register.nr_rx_rings", 26, Request.RX_RINGS);
        is("nmreq_register.nr_ringid", 34, Request.RING);
        is("nmreq_register.nr_mode", 36, Request.MODE);
        is("nmreq_register.nr_flags", 48, Request.FLAGS);

        is("sizeof(struct nmreq)", 60, Request.LEGACY);
        is("IFNAMSIZ", 16, Request.LEGACY_NAME_LENGTH);
        is("nmreq.nr_version", 16, Request.LEGACY_VERSION);
        is("nmreq.nr_offset", 20, Request.LEGACY_OFFSET);
        is("nmreq.nr_memsize", 24, Request.LEGACY_MEMORY_SIZE);
        is("nmreq.nr_tx_slots", 28, Request.LEGACY_TX_SLOTS);
        is("nmreq.nr_rx_slots", 32, Request.LEGACY_RX_SLOTS);
        is("nmreq.nr_tx_rings", 36, Request.LEGACY_TX_RINGS);
        is("nmreq.nr_rx_rings", 38, Request.LEGACY_RX_RINGS);
        is("nmreq.nr_ringid", 40, Request.LEGACY_RING);
        is("nmreq.nr_flags", 52, Request.LEGACY_FLAGS);

        assertThat(ours).isEqualTo(theirs);
    }

    @Test
    void sharedMemory_isLaidOutAsInTheHeaders() {
        is("netmap_if.ni_tx_rings", 24, SharedMemory.IF_TX_RINGS);
        is("netmap_if.ni_rx_rings", 28, SharedMemory.IF_RX_RINGS);
        is("netmap_if.ni_host_tx_rings", 36, SharedMemory.IF_HOST_TX_RINGS);
        is("netmap_if.ni_host_rx_rings", 40, SharedMemory.IF_HOST_RX_RINGS);
        is("netmap_if.ring_ofs", 56, SharedMemory.IF_RING_OFFSETS);

        is("netmap_ring.buf_ofs", 0, Ring.BUFFERS);
        is("netmap_ring.num_slots", 8, Ring.COUNT);
        is("netmap_ring.nr_buf_size", 12, Ring.BUFFER_SIZE);
        is("netmap_ring.head", 20, Ring.HEAD);
        is("netmap_ring.cur", 24, Ring.CUR);
        is("netmap_ring.tail", 28, Ring.TAIL);
        is("netmap_ring.slot", 256, Ring.SLOTS);

        is("sizeof(struct netmap_slot)", 16, Ring.SLOT);
        is("netmap_slot.buf_idx", 0, Ring.SLOT_BUFFER);
        is("netmap_slot.len", 4, Ring.SLOT_LENGTH);
        is("netmap_slot.flags", 6, Ring.SLOT_FLAGS);

        assertThat(ours).isEqualTo(theirs);
    }
}
