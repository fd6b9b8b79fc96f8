// What the manager of openNetVM 21.10 and its network functions share: messages, states and the layout of memory.
#ifndef ONVM_H
#define ONVM_H

#include <stdint.h>

#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>
#include <rte_ring.h>

enum {
    FUNCTIONS = 128,      // ids from 1 on
    SERVICES = 32,
    FUNCTIONS_A_SERVICE = 32,
    CHAIN = 4,
    BUFFERS = 32767,
    BUFFER_CACHE = 512,
    PACKET_RING = 16384,
    MESSAGE_RING = 128,
    MESSAGE_CACHE = 8,
    BURST = 32,
    ANY = 0xffff,
};

enum message { NOOP, STOP, STARTING, STOPPING, READY, SCALE, FROM_FUNCTION };

enum state {
    WAITING_FOR_ID,
    IS_STARTING,
    IS_RUNNING,
    IS_PAUSED,
    IS_STOPPED,
    ID_CONFLICT,
    NO_IDS,
    NO_SUCH_SERVICE,
    SERVICE_FULL,
    NO_CORES,
    NO_DEDICATED_CORES,
    CORE_OUT_OF_RANGE,
    CORE_BUSY,
};

enum action { DROP, NEXT, TO_FUNCTION, OUT };

enum { MANUAL_CORE = 1, SHARED_CORE = 2 };

struct message_element {
    uint8_t type;
    void *data;
};

/* What a function asks for, and its answer. */
struct application {
    uint16_t id;
    uint16_t service;
    uint16_t core;
    uint16_t options;
    volatile uint8_t state;
    char *tag;
    uint16_t seconds_to_live;
    uint16_t packet_limit;
};

struct function {
    struct rte_ring *receive;
    struct rte_ring *transmit;
    struct rte_ring *messages;
    void *own_transmitter;
    uint16_t id;
    uint16_t service;
    volatile uint8_t state;
    char *tag;
    void *data;
    struct {
        uint16_t core;
        uint16_t parent;
        int16_t children;
    } thread;
    struct {
        uint16_t options;
        uint16_t seconds_to_live;
        uint16_t packet_limit;
    } flags;
    void *handlers;
    struct {
        volatile uint64_t rx, rx_drop, tx, tx_drop, tx_buffered, tx_returned;
        volatile uint64_t out, to_function, drop, next, buffered;
    } count;
    void *sleeping;
    void *mutex;
};

/* With each packet. */
struct meta {
    uint8_t action;
    uint16_t destination;
    uint16_t source;
    uint8_t chain_index;
    uint8_t flags;
};

struct ports {
    uint8_t count;
    uint8_t id[RTE_MAX_ETHPORTS];
    uint8_t started[RTE_MAX_ETHPORTS];
    struct rte_ether_addr mac[RTE_MAX_ETHPORTS];
    volatile uint64_t rx[RTE_MAX_ETHPORTS];
    volatile uint64_t tx[RTE_MAX_ETHPORTS];
    volatile uint64_t tx_drop[RTE_MAX_ETHPORTS];
};

struct core {
    uint8_t enabled;
    uint8_t dedicated;
    uint16_t functions;
};

struct step {
    uint16_t destination;
    uint8_t action;
};

/* Steps count from 1. */
struct chain {
    struct step step[CHAIN];
    uint8_t length;
    int references;
};

#endif
