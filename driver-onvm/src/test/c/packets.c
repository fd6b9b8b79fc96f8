// The packets' way: from ports and functions to functions and ports.

#include "manager.h"

#include <unistd.h>

#include <rte_mbuf_dyn.h>

/* Packets on their way to one place. */
struct batch {
    struct rte_mbuf *packet[BURST];
    unsigned count;
};

uint64_t lost;
static volatile int routing = 1, holding, is_holding;
static struct batch to_function[FUNCTIONS], to_port[RTE_MAX_ETHPORTS];

static struct meta *meta(struct rte_mbuf *packet) {
    return RTE_MBUF_DYNFIELD(packet, meta_offset, struct meta *);
}

/* Hands over what waits for a function; sender is who gets it counted, if anyone. */
static void flush_function(unsigned id, struct function *sender) {
    struct batch *batch = &to_function[id];
    struct function *to = function(id);
    if (batch->count == 0 || to->state != IS_RUNNING) {
        return;
    }
    if (rte_ring_enqueue_bulk(to->receive, (void **) batch->packet, batch->count, NULL) == 0) {
        rte_pktmbuf_free_bulk(batch->packet, batch->count);
        to->count.rx_drop += batch->count;
        if (sender != NULL) {
            sender->count.tx_drop += batch->count;
        }
    } else {
        to->count.rx += batch->count;
        if (sender != NULL) {
            sender->count.tx += batch->count;
        }
    }
    batch->count = 0;
}

static void flush_port(unsigned port) {
    struct batch *batch = &to_port[port];
    if (batch->count == 0) {
        return;
    }
    unsigned sent = rte_eth_tx_burst(port, 0, batch->packet, batch->count);
    rte_pktmbuf_free_bulk(batch->packet + sent, batch->count - sent);
    ports->tx[port] += sent;
    ports->tx_drop[port] += batch->count - sent;
    batch->count = 0;
}

static void send_to_service(struct rte_mbuf *packet, unsigned service, struct function *sender) {
    unsigned instances = service < (unsigned) service_count ? functions_of[service] : 0;
    unsigned id = instances == 0 ? 0 : services[service][packet->hash.rss % instances];
    if (id == 0 || function(id)->state != IS_RUNNING) {
        rte_pktmbuf_free(packet);
        if (sender != NULL) {
            sender->count.tx_drop++;
        }
        return;
    }
    struct batch *batch = &to_function[id];
    batch->packet[batch->count++] = packet;
    if (batch->count == BURST) {
        flush_function(id, sender);
    }
}

static void send_to_port(struct rte_mbuf *packet, unsigned port) {
    if (port >= RTE_MAX_ETHPORTS || !ports->started[port]) {
        lost++; // as there: no one frees it
        return;
    }
    struct batch *batch = &to_port[port];
    batch->packet[batch->count++] = packet;
    if (batch->count == BURST) {
        flush_port(port);
    }
}

static void set_next_step(struct meta *meta) {
    struct step step = {0, DROP};
    if (meta->chain_index < chain->length) {
        step = chain->step[meta->chain_index + 1];
    }
    meta->action = step.action;
    meta->destination = step.destination;
}

static void route(struct rte_mbuf *packet, struct function *from) {
    struct meta *way = meta(packet);
    way->source = from->id;
    switch (way->action) {
    case DROP:
        from->count.drop++;
        rte_pktmbuf_free(packet);
        break;
    case NEXT:
        from->count.next++;
        set_next_step(way);
        way->chain_index++;
        if (way->action == TO_FUNCTION) {
            from->count.to_function++;
            send_to_service(packet, way->destination, from);
        } else {
            rte_pktmbuf_free(packet);
        }
        break;
    case TO_FUNCTION:
        from->count.to_function++;
        send_to_service(packet, way->destination, from);
        break;
    case OUT:
        send_to_port(packet, way->destination);
        break;
    default:
        lost++;
        break;
    }
}

static unsigned receive_from_ports(void) {
    struct rte_mbuf *packet[BURST];
    unsigned all = 0;
    for (unsigned i = 0; i < ports->count; i++) {
        unsigned port = ports->id[i];
        unsigned count = rte_eth_rx_burst(port, 0, packet, BURST);
        ports->rx[port] += count;
        all += count;
        if (running == 0) {
            rte_pktmbuf_free_bulk(packet, count);
            continue;
        }
        for (unsigned k = 0; k < count; k++) {
            struct meta *way = meta(packet[k]);
            way->source = 0;
            way->chain_index = 0;
            set_next_step(way);
            way->chain_index++;
            send_to_service(packet[k], way->destination, NULL);
        }
    }
    return all;
}

static unsigned receive_from_functions(void) {
    struct rte_mbuf *packet[BURST];
    unsigned all = 0;
    for (unsigned id = 1; id < FUNCTIONS; id++) {
        struct function *from = function(id);
        if (from->state == IS_RUNNING) {
            unsigned count = rte_ring_dequeue_burst(from->transmit, (void **) packet, BURST, NULL);
            for (unsigned k = 0; k < count; k++) {
                route(packet[k], from);
            }
            all += count;
        }
    }
    return all;
}

int move_packets(void *unused) {
    (void) unused;
    for (unsigned idle = 0; routing;) {
        unsigned moved = 0;
        is_holding = holding;
        if (!is_holding) {
            moved = receive_from_ports() + receive_from_functions();
            for (unsigned i = 0; i < ports->count; i++) {
                flush_port(ports->id[i]);
            }
            for (unsigned id = 0; id < FUNCTIONS; id++) {
                flush_function(id, NULL);
            }
        }
        idle = moved > 0 ? 0 : idle + 1;
        if (idle > 20) {
            usleep(20);
        }
    }
    return 0;
}

int hold_packets(int hold) {
    int held = holding;
    holding = hold;
    while (routing && is_holding != hold) {
        usleep(10);
    }
    return held;
}

void end_packets(void) {
    routing = 0;
}
