/*
 * A stand-in for netmap's kernel module, for tests: a library that takes the place of open, ioctl, mmap, munmap, ppoll and close in the programs that it is
 * loaded into (LD_PRELOAD). What the kernel would have, they share in a file, which NETMAP_STANDIN names: pipes, VALE switches, and two cards, nic0 and
 * nic1, joined by a wire. It behaves as the module does, also where that is odd. Tests look at the beginning of the file and give orders there.
 */
#ifndef STANDIN_H
#define STANDIN_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

#include "abi.h"

enum { PORTS = 16, FILES = 64, CARD_RINGS = 2, RINGS = CARD_RINGS + 1, MOST_SLOTS = 4096, LEARNED = 64, NONE = -1 };

#define BUFFER_SIZE 2048u
#define INTERFACE_ROOM 1024u
#define RING_ROOM 0x11000u
#define RINGS_AT (FILES * INTERFACE_ROOM)
#define BUFFERS_AT (RINGS_AT + 4 * RINGS * RING_ROOM)
#define BUFFERS 8448u
#define REGION_SIZE (BUFFERS_AT + BUFFERS * BUFFER_SIZE)

enum link { UP, DOWN, GONE };

/* What tests see. All 32 bits, in this order. */
struct control {
    uint32_t ready;           /* all is set up */
    uint32_t reinitialised;   /* how often a head or cur was out of range: the module sets up such a ring anew */
    uint32_t touched;         /* slots that were written to while they were the module's */
    uint32_t overrun;         /* frames that a full receiver lost */
    uint32_t card[2];         /* enum link: order */
    uint32_t open_error;      /* order: what open says */
    uint32_t register_error;  /* order: what binding says */
    uint32_t oldest_api;      /* order */
    uint32_t without_control; /* order: as modules before API 14 */
    uint32_t broken;          /* order: the module fails, for all ports */
};

enum kind { UNUSED, PIPE, VALE, CARD };

/* The module's view of a ring. */
struct kring {
    uint32_t slots, hwcur, hwtail, rhead, rcur, rtail, pipe_tail;
    uint32_t at; /* in its region */
    struct slot shadow[MOST_SLOTS];
};

struct port {
    enum kind kind;
    int users;
    int region;
    int peer; /* the other end of a pipe or wire */
    bool slave;
    bool ready; /* rings are made */
    uint32_t rings;
    char name[64];
    struct kring tx[RINGS], rx[RINGS]; /* the host's after those of the card */
};

struct file {
    pid_t pid;
    bool open, waiting, exclusive;
    int maps;
    int port;
    uint32_t first, last; /* the rings it is bound to */
    uint32_t interface_at;
};

struct learned {
    uint8_t mac[6];
    int port;
};

struct state {
    struct control control;
    pthread_mutex_t lock;
    struct port ports[PORTS];
    struct file files[FILES];
    struct learned learned[LEARNED];
    uint32_t next_learned;
};

/* state.c */
struct state *state(void);
int state_file(void);
long region_at(int region);
char *region_memory(int region);
void lock(void);
void unlock(void);
void notify(int port);
int wake_socket(int file);

/* ports.c: a number of an error, or 0 */
int bind_file(int file, const char *name, struct registration *request);
void release_if_unused(int file);
void release_dead(void);
int card_number(const char *name);

/* rings.c */
struct ring *ring_of(struct port *port, struct kring *kring);
void make_ring(struct port *port, struct kring *kring, uint32_t at, uint32_t slots, bool receives);
int sync_file(struct file *file, bool receives);
int poll_file(struct file *file, int events);
bool is_stopped(struct port *port);

/* wires.c */
void send_vale(int port, struct kring *kring);
void send_card(int port, struct kring *kring);
extern const uint8_t hash_key[40];

#endif
