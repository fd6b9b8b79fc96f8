// What the parts of the manager have in common.
#ifndef MANAGER_H
#define MANAGER_H

#include "onvm.h"

enum { CORES = 64 };

/* In shared memory. */
extern char *records;
extern struct ports *ports;
extern struct core *cores;
extern uint16_t **services;
extern uint16_t *functions_of;
extern struct chain *chain;
extern struct rte_mempool *buffers, *applications, *messages;
extern struct rte_ring *inbox;

extern long stride, service_count;
extern int meta_offset;

/* How many functions run. */
extern unsigned running;

/* Packets that no one will ever free. */
extern uint64_t lost;

static inline struct function *function(unsigned id) {
    return (struct function *) (records + id * stride);
}

/* Ends the program. */
void fail(const char *what);

/* Ends the program if something could not be made. */
void *need(void *made, const char *what);

/* The thread of the packets. Unlike the real one it leaves the processor to others when there are none. */
int move_packets(void *unused);

/* Has that thread keep off the rings, or not; whether it did before. */
int hold_packets(int hold);

void end_packets(void);

/* Does what has been asked for. */
void hear(void);

/* Sends a function a message; -1 if it could not be sent. */
int tell(unsigned id, unsigned type);

void stop(struct function *function);

#endif
