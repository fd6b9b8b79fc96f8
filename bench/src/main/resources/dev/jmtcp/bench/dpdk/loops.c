/* The loops of DPDK's own inline functions that jmtcp's are measured against: bursts of 32 on queue 0 of a port. */
#include <rte_ethdev.h>
#include <rte_mbuf.h>

#define BURST 32

/* Returns the frames received, so that nothing is left out as useless. */
uint64_t poll_port(uint16_t port, uint64_t rounds)
{
    struct rte_mbuf *frames[BURST];
    uint64_t count = 0;
    for (uint64_t i = 0; i < rounds; i++)
        count += rte_eth_rx_burst(port, 0, frames, BURST);
    return count;
}

uint64_t forward(uint16_t port, uint64_t rounds)
{
    struct rte_mbuf *frames[BURST];
    uint64_t count = 0;
    for (uint64_t i = 0; i < rounds; i++) {
        uint16_t received = rte_eth_rx_burst(port, 0, frames, BURST);
        count += rte_eth_tx_burst(port, 0, frames, received);
    }
    return count;
}

uint64_t allocate(struct rte_mempool *pool, uint64_t rounds)
{
    struct rte_mbuf *buffers[BURST];
    uint64_t count = 0;
    for (uint64_t i = 0; i < rounds; i++) {
        if (rte_pktmbuf_alloc_bulk(pool, buffers, BURST) == 0) {
            count += BURST;
            rte_pktmbuf_free_bulk(buffers, BURST);
        }
    }
    return count;
}
