// A manager of openNetVM for tests: a primary process of DPDK that makes what functions share, gives them ids, starts and stops them, and routes
// packets between them and its ports, as the manager of openNetVM 21.10 does, its faults included where functions have to live with them.
//
//   manager EAL-ARGUMENT... -- [NAME=NUMBER]...
//
// period    milliseconds between two looks at the messages, 10
// cores     how many cores there are for functions, 64
// meta      bytes of the field that goes with a packet, 8; 0: there is none
// record    bytes from one function's record to the next, those of the structure
// services  how many services there is room for, 32; not looked at when a function starts
//
// It says "ready" and its process id once it runs, and answers commands from its input, a line each, by a line:
//
// state      "buffers=N applications=N messages=N", how many are in use; "lost=N", packets that stay so for ever;
//            "sent=N", packets that ports have sent; and of each function
//            "ID:service/state/core/rx/rx_drop/tx/tx_drop/to_function/out"
// stop ID    has a function stop
// send ID N  sends a function a message of a type
// bury ID    does for a function that has died what is done when one stops
// hold       leaves packets in the rings
// release    takes them again
// deaf       reads no messages
// hear       reads them again
//
// It ends, and has functions end first, when its input does or on SIGTERM and SIGINT.

#include "manager.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_mbuf_dyn.h>
#include <rte_memzone.h>

long stride = sizeof(struct function), service_count = SERVICES;
char *records;
struct ports *ports;
struct core *cores;
uint16_t **services;
uint16_t *functions_of;
struct chain *chain;
struct rte_mempool *buffers, *applications, *messages;
struct rte_ring *inbox;
int meta_offset;
unsigned running;

static long period = 10, core_count = CORES, meta_size = sizeof(struct meta);
static volatile sig_atomic_t ends;
static int deaf;

void fail(const char *what) {
    fprintf(stderr, "onvm-manager: %s: %s\n", what, rte_strerror(rte_errno));
    exit(1);
}

void *need(void *made, const char *what) {
    if (made == NULL) {
        fail(what);
    }
    return made;
}

static void *zone(const char *name, size_t length) {
    const struct rte_memzone *zone = need((void *) rte_memzone_reserve(name, length, rte_socket_id(), 0), name);
    memset(zone->addr, 0, length);
    return zone->addr;
}

static struct rte_mempool *pool(const char *name, unsigned count, size_t size, unsigned cache) {
    return need(rte_mempool_create(name, count, size, cache, 0, NULL, NULL, NULL, NULL, rte_socket_id(), 0), name);
}

static void start_port(unsigned port) {
    struct rte_eth_dev_info info;
    struct rte_eth_conf conf = {0};
    uint16_t rx = 512, tx = 512;
    if (rte_eth_dev_info_get(port, &info) != 0 || rte_eth_dev_configure(port, 1, 1, &conf) != 0
            || rte_eth_dev_adjust_nb_rx_tx_desc(port, &rx, &tx) != 0
            || rte_eth_rx_queue_setup(port, 0, rx, rte_socket_id(), &info.default_rxconf, buffers) != 0
            || rte_eth_tx_queue_setup(port, 0, tx, rte_socket_id(), &info.default_txconf) != 0
            || rte_eth_dev_start(port) != 0) {
        fail("port");
    }
    rte_eth_promiscuous_enable(port);
    rte_eth_macaddr_get(port, &ports->mac[port]);
    ports->id[ports->count++] = port;
    ports->started[port] = 1;
}

static void make(void) {
    const struct rte_mbuf_dynfield field = {.name = "onvm_pkt_meta_dynfield", .size = meta_size, .align = 2};
    struct rte_mbuf_dynfield hidden = {.name = "meta", .size = sizeof(struct meta), .align = 2};
    meta_offset = rte_mbuf_dynfield_register(meta_size == 0 ? &hidden : &field);
    if (meta_offset < 0) {
        fail("meta");
    }
    records = zone("MProc_nf_init_cfg", FUNCTIONS * stride);
    ports = zone("MProc_port_info", sizeof(struct ports));
    cores = zone("MProc_cores_info", CORES * sizeof(struct core));
    services = zone("MProc_services_info", service_count * sizeof(uint16_t *));
    functions_of = zone("MProc_nf_per_service_info", service_count * sizeof(uint16_t));
    for (int i = 0; i < service_count; i++) {
        services[i] = need(rte_calloc("service", FUNCTIONS_A_SERVICE, sizeof(uint16_t), 0), "service");
    }
    for (int i = 0; i < core_count && i < CORES; i++) {
        cores[i].enabled = 1;
    }
    zone("MProc_onvm_config", sizeof(uint16_t));
    buffers = need(rte_mempool_create("MProc_pktmbuf_pool", BUFFERS, sizeof(struct rte_mbuf) + RTE_PKTMBUF_HEADROOM + RTE_MBUF_DEFAULT_DATAROOM,
            BUFFER_CACHE, sizeof(struct rte_pktmbuf_pool_private), rte_pktmbuf_pool_init, NULL, rte_pktmbuf_init, NULL, rte_socket_id(), 0), "buffers");
    applications = pool("NF_INFO_MEMPOOL", FUNCTIONS, sizeof(struct application), 0);
    messages = pool("NF_MSG_MEMPOOL", FUNCTIONS * MESSAGE_RING, sizeof(struct application), MESSAGE_CACHE);
    uint16_t port;
    RTE_ETH_FOREACH_DEV(port) {
        start_port(port);
    }
    inbox = need(rte_ring_create("MSG_MSG_QUEUE", MESSAGE_RING, rte_socket_id(), RING_F_SC_DEQ), "inbox");
    chain = need(rte_calloc("chain", 1, sizeof(struct chain), 0), "chain");
    chain->step[++chain->length] = (struct step) {.destination = 1, .action = TO_FUNCTION};
    *(struct chain **) zone("MProc_scp_info", sizeof(struct chain *)) = chain;
    zone("MProc_ftp_info", sizeof(void *));
}

static void print_state(void) {
    uint64_t sent = 0;
    for (unsigned i = 0; i < ports->count; i++) {
        sent += ports->tx[ports->id[i]];
    }
    printf("buffers=%d applications=%d messages=%d lost=%" PRIu64 " sent=%" PRIu64, rte_mempool_in_use_count(buffers), rte_mempool_in_use_count(applications),
            rte_mempool_in_use_count(messages), lost, sent);
    for (unsigned id = 0; id < FUNCTIONS; id++) {
        struct function *of = function(id);
        if (of->state != WAITING_FOR_ID && of->state != IS_STOPPED) {
            printf(" %u:%u/%u/%u/%" PRIu64 "/%" PRIu64 "/%" PRIu64 "/%" PRIu64 "/%" PRIu64 "/%" PRIu64, id, of->service, of->state,
                    of->thread.core, of->count.rx, of->count.rx_drop, of->count.tx, of->count.tx_drop, of->count.to_function, of->count.out);
        }
    }
    printf("\n");
}

static void obey(const char *command) {
    unsigned id = 0, type = STOP;
    int done = -1;
    if (strcmp(command, "state\n") == 0) {
        print_state();
        return;
    }
    if ((sscanf(command, "send %u %u", &id, &type) == 2 || sscanf(command, "stop %u", &id) == 1) && id < FUNCTIONS) {
        done = tell(id, type);
    } else if (sscanf(command, "bury %u", &id) == 1 && id < FUNCTIONS) {
        stop(function(id));
        done = 0;
    } else if (strcmp(command, "hold\n") == 0 || strcmp(command, "release\n") == 0) {
        hold_packets(command[0] == 'h');
        done = 0;
    } else if (strcmp(command, "deaf\n") == 0 || strcmp(command, "hear\n") == 0) {
        deaf = command[0] == 'd';
        done = 0;
    }
    printf("%s\n", done == 0 ? "done" : "refused");
}

static void set(const char *argument) {
    const char *name[] = {"period", "cores", "meta", "record", "services"};
    long *number[] = {&period, &core_count, &meta_size, &stride, &service_count};
    for (size_t i = 0; i < RTE_DIM(name); i++) {
        size_t length = strlen(name[i]);
        if (strncmp(argument, name[i], length) == 0 && argument[length] == '=') {
            *number[i] = atol(argument + length + 1);
            return;
        }
    }
    fprintf(stderr, "onvm-manager: what is %s?\n", argument);
    exit(1);
}

static void end(int signal) {
    (void) signal;
    ends = 1;
}

static void manage(void) {
    const uint64_t ticks = rte_get_timer_hz() * period / 1000;
    for (uint64_t last = rte_get_timer_cycles(); !ends;) {
        uint64_t passed = rte_get_timer_cycles() - last;
        struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
        if (passed < ticks && poll(&input, 1, (ticks - passed) * 1000 / rte_get_timer_hz() + 1) > 0) {
            char command[80];
            if (fgets(command, sizeof(command), stdin) == NULL) {
                ends = 1;
            } else {
                obey(command);
            }
        }
        if (rte_get_timer_cycles() - last >= ticks) {
            if (!deaf) {
                hear();
            }
            last = rte_get_timer_cycles();
        }
    }
}

int main(int argc, char **argv) {
    int parsed = rte_eal_init(argc, argv);
    if (parsed < 0) {
        fail("DPDK");
    }
    for (int i = parsed + 1; i < argc; i++) {
        set(argv[i]);
    }
    make();
    signal(SIGINT, end);
    signal(SIGTERM, end);
    setlinebuf(stdout);
    setvbuf(stdin, NULL, _IONBF, 0);
    unsigned lcore = rte_get_next_lcore(rte_lcore_id(), 1, 0);
    if (lcore >= RTE_MAX_LCORE || rte_eal_remote_launch(move_packets, NULL, lcore) != 0) {
        fail("a second lcore");
    }
    printf("ready %d\n", getpid());
    manage();
    for (unsigned id = 1; id < FUNCTIONS; id++) {
        tell(id, STOP);
    }
    for (long waited = 0; waited < 10000 && running > 0; waited += period) {
        usleep(period * 1000);
        hear();
    }
    end_packets();
    rte_eal_mp_wait_lcore();
    return 0;
}
