package dev.jmtcp.driver.dpdk.bindings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jmtcp.testsupport.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The numbers and layouts of these bindings, as a C program sees them in the headers of DPDK on this machine. */
class LayoutTest {

    private static final String[] HEADERS = {
        "errno.h",
        "stddef.h",
        "stdio.h",
        "fcntl.h",
        "poll.h",
        "rte_ethdev.h",
        "rte_mbuf.h",
        "rte_mempool.h",
        "rte_memzone.h",
        "rte_ring.h"
    };

    @Test
    void numbersAndLayouts_areThoseOfTheHeaders(@TempDir Path directory) throws Exception {
        Needs.command("gcc", "gcc libc6-dev");
        assumeTrue(
                Files.exists(Path.of("/usr/include/dpdk/rte_ethdev.h")),
                "needs the headers of DPDK: apt-get install libdpdk-dev");
        Map<String, Long> ours = ours();
        assertThat(askCompiler(ours, directory)).isEqualTo(ours);
    }

    /** What the bindings take for granted, by C expression. */
    private static Map<String, Long> ours() {
        var ours = new LinkedHashMap<String, Long>();
        mbuf(ours);
        mempool(ours);
        device(ours);
        queue(ours);
        offloads(ours);
        ours.put("sizeof(struct rte_memzone)", (long) Memzone.SIZE);
        ours.put("offsetof(struct rte_memzone, addr)", (long) Memzone.ADDRESS);
        ours.put("offsetof(struct rte_memzone, len)", (long) Memzone.LENGTH);
        ours.put("sizeof(struct rte_mbuf_dynfield)", (long) DynamicField.SIZE_OF);
        ours.put("offsetof(struct rte_mbuf_dynfield, size)", (long) DynamicField.SIZE);
        ours.put("offsetof(struct rte_mbuf_dynfield, align)", (long) DynamicField.ALIGNMENT);
        ours.put("offsetof(struct rte_mempool, elt_size)", (long) Mempool.ELEMENT_SIZE);
        ours.put("sizeof(struct rte_ring)", (long) Ring.SIZE_OF);
        ours.put("offsetof(struct rte_ring, flags)", (long) Ring.FLAGS);
        ours.put("offsetof(struct rte_ring, size)", (long) Ring.SIZE);
        ours.put("offsetof(struct rte_ring, capacity)", (long) Ring.CAPACITY);
        ours.put("offsetof(struct rte_ring, prod.tail)", (long) Ring.PRODUCER_TAIL);
        ours.put("offsetof(struct rte_ring, cons.tail)", (long) Ring.CONSUMER_TAIL);
        ours.put("RING_F_SC_DEQ", (long) Ring.SINGLE_CONSUMER);
        return ours;
    }

    private static void mbuf(Map<String, Long> ours) {
        ours.put("sizeof(struct rte_mbuf)", (long) Mbuf.SIZE);
        ours.put("offsetof(struct rte_mbuf, buf_addr)", (long) Mbuf.BUF_ADDR);
        ours.put("offsetof(struct rte_mbuf, data_off)", (long) Mbuf.DATA_OFF);
        ours.put("offsetof(struct rte_mbuf, refcnt)", (long) Mbuf.REFCNT);
        ours.put("offsetof(struct rte_mbuf, nb_segs)", (long) Mbuf.NB_SEGS);
        ours.put("offsetof(struct rte_mbuf, port)", (long) Mbuf.PORT);
        ours.put("offsetof(struct rte_mbuf, ol_flags)", (long) Mbuf.OL_FLAGS);
        ours.put("offsetof(struct rte_mbuf, packet_type)", (long) Mbuf.PACKET_TYPE);
        ours.put("offsetof(struct rte_mbuf, pkt_len)", (long) Mbuf.PKT_LEN);
        ours.put("offsetof(struct rte_mbuf, data_len)", (long) Mbuf.DATA_LEN);
        ours.put("offsetof(struct rte_mbuf, vlan_tci)", (long) Mbuf.VLAN_TCI);
        ours.put("offsetof(struct rte_mbuf, hash.rss)", (long) Mbuf.HASH);
        ours.put("offsetof(struct rte_mbuf, buf_len)", (long) Mbuf.BUF_LEN);
        ours.put("offsetof(struct rte_mbuf, pool)", (long) Mbuf.POOL);
        ours.put("offsetof(struct rte_mbuf, next)", (long) Mbuf.NEXT);
        ours.put("offsetof(struct rte_mbuf, tx_offload)", (long) Mbuf.TX_OFFLOAD);
        ours.put("RTE_PKTMBUF_HEADROOM", (long) Mbuf.HEADROOM);
        ours.put("RTE_MBUF_PORT_INVALID", Mbuf.FRESH >>> 48);
        ours.put("RTE_MBUF_F_RX_RSS_HASH", Mbuf.RX_RSS_HASH);
        ours.put("RTE_MBUF_F_RX_L4_CKSUM_BAD", Mbuf.RX_L4_CHECKSUM_BAD);
        ours.put("RTE_MBUF_F_RX_IP_CKSUM_BAD", Mbuf.RX_IP_CHECKSUM_BAD);
        ours.put("RTE_MBUF_F_RX_IP_CKSUM_GOOD", Mbuf.RX_IP_CHECKSUM_GOOD);
        ours.put("RTE_MBUF_F_RX_L4_CKSUM_GOOD", Mbuf.RX_L4_CHECKSUM_GOOD);
        ours.put("RTE_MBUF_F_RX_LRO", Mbuf.RX_LRO);
        ours.put("RTE_MBUF_F_TX_TCP_SEG", Mbuf.TX_TCP_SEG);
        ours.put("RTE_MBUF_F_TX_TCP_CKSUM", Mbuf.TX_TCP_CHECKSUM);
        ours.put("RTE_MBUF_F_TX_IP_CKSUM", Mbuf.TX_IP_CHECKSUM);
        ours.put("RTE_MBUF_F_TX_IPV4", Mbuf.TX_IPV4);
        ours.put("RTE_MBUF_F_TX_IPV6", Mbuf.TX_IPV6);
        ours.put("RTE_MBUF_F_EXTERNAL", Mbuf.EXTERNAL);
        ours.put("RTE_MBUF_F_INDIRECT", Mbuf.INDIRECT);
        ours.put("RTE_MBUF_L2_LEN_BITS", (long) Mbuf.L3_LENGTH_SHIFT);
        ours.put("RTE_MBUF_L2_LEN_BITS + RTE_MBUF_L3_LEN_BITS", (long) Mbuf.L4_LENGTH_SHIFT);
        ours.put("RTE_MBUF_L2_LEN_BITS + RTE_MBUF_L3_LEN_BITS + RTE_MBUF_L4_LEN_BITS", (long) Mbuf.SEGMENT_SIZE_SHIFT);
    }

    private static void mempool(Map<String, Long> ours) {
        ours.put("sizeof(struct rte_mempool)", (long) Mempool.SIZE);
        ours.put("offsetof(struct rte_mempool, pool_data)", (long) Mempool.POOL_DATA);
        ours.put("offsetof(struct rte_mempool, size)", (long) Mempool.CAPACITY);
        ours.put("offsetof(struct rte_mempool, cache_size)", (long) Mempool.CACHE_SIZE);
        ours.put("offsetof(struct rte_mempool, ops_index)", (long) Mempool.OPS_INDEX);
        ours.put("offsetof(struct rte_mempool, local_cache)", (long) Mempool.LOCAL_CACHE);
        ours.put("offsetof(struct rte_mempool, mem_list)", (long) Mempool.MEMORY_LIST);
        ours.put("offsetof(struct rte_mempool_memhdr, next)", (long) Mempool.CHUNK_NEXT);
        ours.put("offsetof(struct rte_mempool_memhdr, addr)", (long) Mempool.CHUNK_ADDRESS);
        ours.put("offsetof(struct rte_mempool_memhdr, len)", (long) Mempool.CHUNK_LENGTH);
        ours.put("RTE_MEMPOOL_CACHE_MAX_SIZE", (long) Mempool.MOST_CACHED);
        ours.put("sizeof(struct rte_mempool_cache)", (long) MbufCache.STRIDE);
        ours.put("offsetof(struct rte_mempool_cache, size)", (long) MbufCache.SIZE);
        ours.put("offsetof(struct rte_mempool_cache, flushthresh)", (long) MbufCache.FLUSH_THRESHOLD);
        ours.put("offsetof(struct rte_mempool_cache, len)", (long) MbufCache.LENGTH);
        ours.put("offsetof(struct rte_mempool_cache, objs)", (long) MbufCache.OBJECTS);
        ours.put("sizeof(struct rte_mempool_ops)", (long) MempoolOps.STRIDE);
        ours.put("offsetof(struct rte_mempool_ops_table, num_ops)", (long) MempoolOps.NUMBER);
        ours.put("offsetof(struct rte_mempool_ops_table, ops)", (long) MempoolOps.FIRST);
        ours.put("offsetof(struct rte_mempool_ops, name)", (long) MempoolOps.NAME);
        ours.put("RTE_MEMPOOL_OPS_NAMESIZE", (long) MempoolOps.NAME_LENGTH);
        ours.put("offsetof(struct rte_mempool_ops, enqueue)", (long) MempoolOps.ENQUEUE);
        ours.put("offsetof(struct rte_mempool_ops, dequeue)", (long) MempoolOps.DEQUEUE);
        ours.put("offsetof(struct rte_mempool_ops, get_count)", (long) MempoolOps.COUNT);
        ours.put("RTE_ALIGN_CEIL(sizeof(struct rte_mempool_objhdr), RTE_MEMPOOL_ALIGN)", (long) PagePool.HEADER);
        ours.put("RTE_MEMPOOL_F_NO_SPREAD", (long) PagePool.NO_SPREAD);
        ours.put("sizeof(struct rte_pktmbuf_pool_private)", (long) PagePool.PRIVATE);
    }

    private static void device(Map<String, Long> ours) {
        ours.put("sizeof(struct rte_eth_dev_info)", (long) DeviceInfo.SIZE);
        ours.put("offsetof(struct rte_eth_dev_info, device)", (long) DeviceInfo.DEVICE);
        ours.put("offsetof(struct rte_eth_dev_info, driver_name)", (long) DeviceInfo.DRIVER_NAME);
        ours.put("offsetof(struct rte_eth_dev_info, if_index)", (long) DeviceInfo.IF_INDEX);
        ours.put("offsetof(struct rte_eth_dev_info, min_mtu)", (long) DeviceInfo.MIN_MTU);
        ours.put("offsetof(struct rte_eth_dev_info, max_mtu)", (long) DeviceInfo.MAX_MTU);
        ours.put("offsetof(struct rte_eth_dev_info, max_rx_queues)", (long) DeviceInfo.MAX_RX_QUEUES);
        ours.put("offsetof(struct rte_eth_dev_info, max_tx_queues)", (long) DeviceInfo.MAX_TX_QUEUES);
        ours.put("offsetof(struct rte_eth_dev_info, rx_offload_capa)", (long) DeviceInfo.RX_OFFLOAD_CAPA);
        ours.put("offsetof(struct rte_eth_dev_info, tx_offload_capa)", (long) DeviceInfo.TX_OFFLOAD_CAPA);
        ours.put("offsetof(struct rte_eth_dev_info, reta_size)", (long) DeviceInfo.RETA_SIZE);
        ours.put("offsetof(struct rte_eth_dev_info, hash_key_size)", (long) DeviceInfo.HASH_KEY_SIZE);
        ours.put("offsetof(struct rte_eth_dev_info, flow_type_rss_offloads)", (long) DeviceInfo.FLOW_TYPE_RSS_OFFLOADS);
        ours.put("sizeof(struct rte_eth_conf)", (long) EthConfig.SIZE);
        ours.put("offsetof(struct rte_eth_conf, rxmode.mq_mode)", (long) EthConfig.RX_MQ_MODE);
        ours.put("offsetof(struct rte_eth_conf, rxmode.mtu)", (long) EthConfig.MTU);
        ours.put("offsetof(struct rte_eth_conf, rxmode.max_lro_pkt_size)", (long) EthConfig.MAX_LRO);
        ours.put("offsetof(struct rte_eth_conf, rxmode.offloads)", (long) EthConfig.RX_OFFLOADS);
        ours.put("offsetof(struct rte_eth_conf, txmode.offloads)", (long) EthConfig.TX_OFFLOADS);
        ours.put("offsetof(struct rte_eth_conf, rx_adv_conf.rss_conf.rss_key)", (long) EthConfig.RSS_KEY);
        ours.put("offsetof(struct rte_eth_conf, rx_adv_conf.rss_conf.rss_key_len)", (long) EthConfig.RSS_KEY_LENGTH);
        ours.put("offsetof(struct rte_eth_conf, rx_adv_conf.rss_conf.rss_hf)", (long) EthConfig.RSS_TYPES);
        ours.put("RTE_ETH_MQ_RX_RSS", (long) EthConfig.MQ_RX_RSS);
        ours.put("sizeof(struct rte_eth_link)", (long) EthLink.SIZE);
        ours.put("offsetof(struct rte_eth_link, link_speed)", (long) EthLink.SPEED);
        // The flags are bit fields, behind the speed: their place is what a link that is up alone has set.
        ours.put(
                "((union { struct rte_eth_link l; uint16_t w[4]; }){ .l = { .link_status = 1 } }).w["
                        + EthLink.FLAGS / 2 + "]",
                1L << EthLink.STATUS_BIT);
        ours.put("sizeof(struct rte_eth_stats)", (long) EthStatistics.SIZE);
        ours.put("offsetof(struct rte_eth_stats, imissed)", (long) EthStatistics.IMISSED);
        ours.put("offsetof(struct rte_eth_stats, ierrors)", (long) EthStatistics.IERRORS);
        ours.put("offsetof(struct rte_eth_stats, oerrors)", (long) EthStatistics.OERRORS);
        ours.put("sizeof(struct rte_eth_xstat)", (long) EthDevice.EXTENDED_SIZE);
        ours.put("offsetof(struct rte_eth_xstat, value)", (long) EthDevice.EXTENDED_VALUE);
        ours.put("sizeof(struct rte_eth_xstat_name)", (long) EthDevice.EXTENDED_NAME_SIZE);
        ours.put("RTE_ETH_RETA_GROUP_SIZE", (long) EthDevice.TABLE_GROUP);
        ours.put("sizeof(struct rte_eth_rss_reta_entry64)", (long) EthDevice.TABLE_ENTRY_SIZE);
        ours.put("offsetof(struct rte_eth_rss_reta_entry64, mask)", (long) EthDevice.TABLE_MASK);
        ours.put("offsetof(struct rte_eth_rss_reta_entry64, reta)", (long) EthDevice.TABLE_QUEUES);
    }

    private static void queue(Map<String, Long> ours) {
        ours.put("sizeof(struct rte_eth_fp_ops)", (long) EthQueue.STRIDE);
        ours.put("offsetof(struct rte_eth_fp_ops, rx_pkt_burst)", (long) EthQueue.RX_BURST);
        ours.put("offsetof(struct rte_eth_fp_ops, rxq.data)", (long) EthQueue.RX_DATA);
        ours.put("offsetof(struct rte_eth_fp_ops, tx_pkt_burst)", (long) EthQueue.TX_BURST);
        ours.put("offsetof(struct rte_eth_fp_ops, tx_pkt_prepare)", (long) EthQueue.TX_PREPARE);
        ours.put("offsetof(struct rte_eth_fp_ops, txq.data)", (long) EthQueue.TX_DATA);
    }

    private static void offloads(Map<String, Long> ours) {
        ours.put("RTE_ETH_RX_OFFLOAD_IPV4_CKSUM", EthOffload.RX_IPV4_CHECKSUM);
        ours.put("RTE_ETH_RX_OFFLOAD_TCP_CKSUM", EthOffload.RX_TCP_CHECKSUM);
        ours.put("RTE_ETH_RX_OFFLOAD_TCP_LRO", EthOffload.RX_LRO);
        ours.put("RTE_ETH_RX_OFFLOAD_SCATTER", EthOffload.RX_SCATTER);
        ours.put("RTE_ETH_RX_OFFLOAD_RSS_HASH", EthOffload.RX_RSS_HASH);
        ours.put("RTE_ETH_TX_OFFLOAD_IPV4_CKSUM", EthOffload.TX_IPV4_CHECKSUM);
        ours.put("RTE_ETH_TX_OFFLOAD_TCP_CKSUM", EthOffload.TX_TCP_CHECKSUM);
        ours.put("RTE_ETH_TX_OFFLOAD_TCP_TSO", EthOffload.TX_TCP_SEGMENTATION);
        ours.put("RTE_ETH_TX_OFFLOAD_MULTI_SEGS", EthOffload.TX_MULTI_SEGS);
        ours.put("RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE", EthOffload.TX_FAST_FREE);
        ours.put("RTE_ETH_RSS_IPV4", EthOffload.RSS_IPV4);
        ours.put("RTE_ETH_RSS_NONFRAG_IPV4_TCP", EthOffload.RSS_IPV4_TCP);
        ours.put("RTE_ETH_RSS_IPV6", EthOffload.RSS_IPV6);
        ours.put("RTE_ETH_RSS_NONFRAG_IPV6_TCP", EthOffload.RSS_IPV6_TCP);
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
        output(
                "gcc",
                "-mssse3",
                "-I/usr/include/dpdk",
                "-I/usr/include/x86_64-linux-gnu/dpdk",
                "-include",
                "rte_config.h",
                "-o",
                program.toString(),
                file.toString());

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
