// What becomes of functions: their messages, ids and cores.

#include "manager.h"

#include <stdio.h>
#include <string.h>

#include <rte_malloc.h>

/* A core for a function, or why there is none. */
static int take_core(uint16_t *wanted, unsigned options) {
    unsigned best = 0, fewest = UINT16_MAX;
    if (options & MANUAL_CORE) {
        best = *wanted;
        if (best >= CORES || !cores[best].enabled) {
            return CORE_OUT_OF_RANGE;
        }
        if (cores[best].dedicated) {
            return CORE_BUSY;
        }
        fewest = cores[best].functions;
    } else {
        for (unsigned i = 0; i < CORES; i++) {
            if (cores[i].enabled && !cores[i].dedicated && cores[i].functions < fewest) {
                best = i;
                fewest = cores[i].functions;
            }
        }
        if (fewest == UINT16_MAX) {
            return NO_CORES;
        }
        *wanted = best;
    }
    if (!(options & SHARED_CORE)) {
        if (fewest > 0) {
            return NO_DEDICATED_CORES;
        }
        cores[best].dedicated = 1;
    }
    cores[best].functions++;
    return 0;
}

static unsigned next_id(void) {
    static unsigned next = 1;
    for (unsigned i = 1; i < FUNCTIONS; i++) {
        unsigned id = next;
        next = next % (FUNCTIONS - 1) + 1;
        if (function(id)->state != IS_RUNNING) {
            return id;
        }
    }
    return FUNCTIONS;
}

static struct rte_ring *ring(const char *format, unsigned id, unsigned size) {
    char name[RTE_RING_NAMESIZE];
    snprintf(name, sizeof(name), format, id);
    return need(rte_ring_create(name, size, rte_socket_id(), RING_F_SC_DEQ), name);
}

static int refusal(struct application *from, unsigned id) {
    if (id >= FUNCTIONS) {
        return NO_IDS;
    }
    if (from->service >= SERVICES) {
        return NO_SUCH_SERVICE;
    }
    if (functions_of[from->service] >= FUNCTIONS_A_SERVICE) {
        return SERVICE_FULL;
    }
    if (function(id)->state == IS_RUNNING) {
        return ID_CONFLICT;
    }
    from->id = id;
    return take_core(&from->core, from->options);
}

static void start(struct application *from) {
    if (from == NULL || from->state != WAITING_FOR_ID) {
        return;
    }
    unsigned id = from->id == ANY ? next_id() : from->id;
    int why_not = refusal(from, id);
    if (why_not != 0) {
        from->state = why_not;
        return;
    }
    struct function *to = function(id);
    to->id = id;
    to->service = from->service;
    to->state = IS_STARTING;
    to->tag = from->tag;
    to->thread.core = from->core;
    to->flags.seconds_to_live = from->seconds_to_live;
    to->flags.packet_limit = from->packet_limit;
    to->receive = ring("MProc_Client_%u_RX", id, PACKET_RING);
    to->transmit = ring("MProc_Client_%u_TX", id, PACKET_RING);
    to->messages = ring("NF_%u_MSG_QUEUE", id, MESSAGE_RING);
    rte_smp_wmb();
    from->state = IS_STARTING;
}

static void run(struct function *function) {
    if (function->state == IS_STARTING) {
        services[function->service][functions_of[function->service]++] = function->id;
        running++;
        function->state = IS_RUNNING;
    }
}

static void empty(struct rte_ring *ring) {
    struct rte_mbuf *packet[BURST];
    for (unsigned count; (count = rte_ring_dequeue_burst(ring, (void **) packet, BURST, NULL)) > 0;) {
        rte_pktmbuf_free_bulk(packet, count);
    }
}

static void leave_service(const struct function *function) {
    uint16_t *ids = services[function->service];
    unsigned count = functions_of[function->service]--;
    for (unsigned i = 0, kept = 0; i < count; i++) {
        uint16_t id = ids[i];
        ids[i] = 0;
        if (id != function->id) {
            ids[kept++] = id;
        }
    }
}

void stop(struct function *function) {
    int was = function == NULL ? IS_STOPPED : function->state;
    if (was != IS_STARTING && was != IS_RUNNING && was != IS_PAUSED) {
        return;
    }
    // The other thread may be at this function's rings now.
    int held = hold_packets(1);
    rte_free(function->tag);
    function->tag = NULL;
    function->state = IS_STOPPED;
    cores[function->thread.core].functions--;
    cores[function->thread.core].dedicated = 0;
    empty(function->receive);
    empty(function->transmit);
    for (void *message; rte_ring_dequeue(function->messages, &message) == 0;) {
        rte_mempool_put(messages, message);
    }
    // As there: not what was taken from this pool, so that another function gets this record from it one day.
    rte_mempool_put(applications, function);
    if (was != IS_STARTING) {
        running--;
        memset(&function->count, 0, sizeof(function->count));
        rte_ring_free(function->receive);
        rte_ring_free(function->transmit);
        rte_ring_free(function->messages);
        leave_service(function);
    }
    hold_packets(held);
}

void hear(void) {
    void *heard[MESSAGE_RING];
    unsigned count = rte_ring_dequeue_burst(inbox, heard, MESSAGE_RING, NULL);
    for (unsigned i = 0; i < count; i++) {
        struct message_element *message = heard[i];
        switch (message->type) {
        case STARTING:
            start(message->data);
            break;
        case READY:
            run(message->data);
            break;
        case STOPPING:
            stop(message->data);
            break;
        default:
            break;
        }
        rte_mempool_put(messages, message);
    }
}

int tell(unsigned id, unsigned type) {
    void *element;
    if (function(id)->state != IS_RUNNING || rte_mempool_get(messages, &element) != 0) {
        return -1;
    }
    struct message_element *message = element;
    message->type = type;
    message->data = NULL;
    if (rte_ring_enqueue(function(id)->messages, message) != 0) {
        rte_mempool_put(messages, message);
        return -1;
    }
    return 0;
}
