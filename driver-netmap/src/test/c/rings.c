/* Rings: what the module does with them in a system call. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "standin.h"

struct ring *ring_of(struct port *port, struct kring *kring) {
    return (struct ring *) (region_memory(port->region) + kring->at);
}

void make_ring(struct port *port, struct kring *kring, uint32_t at, uint32_t slots, bool receives) {
    memset(kring, 0, sizeof *kring);
    kring->at = at;
    kring->slots = slots;
    kring->hwtail = kring->rtail = kring->pipe_tail = receives ? 0 : slots - 1;
    struct ring *ring = ring_of(port, kring);
    memset(ring, 0, RING_ROOM);
    ring->buffers = (int64_t) BUFFERS_AT - at;
    ring->slots = slots;
    ring->buffer_size = BUFFER_SIZE;
    ring->direction = receives ? 0 : 1; /* the header's comment says the reverse */
    ring->tail = kring->rtail;
}

/* Whether a slot lies from one up to, and not with, another one. */
static bool lies(uint32_t slot, uint32_t from, uint32_t to) {
    return from <= to ? slot >= from && slot < to : slot >= from || slot < to;
}

/* Whether this is one of the places from first to last, both included. */
static bool within(uint32_t place, uint32_t first, uint32_t last, uint32_t slots) {
    return place < slots && (place == last || lies(place, first, last));
}

/* Slots that are not the program's must be as the module left them. */
static void check_untouched(struct ring *ring, struct kring *kring) {
    for (uint32_t i = 0; i < kring->slots; i++) {
        if (lies(i, kring->rtail, kring->rhead) && kring->rtail != kring->rhead &&
            memcmp(&ring->slot[i], &kring->shadow[i], sizeof(struct slot))) {
            state()->control.touched++;
            ring->slot[i] = kring->shadow[i];
        }
    }
}

/* The module repairs only what is out of range altogether; anything else it takes as it is. */
static void reinitialise(struct ring *ring, struct kring *kring) {
    state()->control.reinitialised++;
    kring->rhead = ring->head;
    kring->rcur = ring->cur;
    kring->rtail = ring->tail;
    if (ring->head >= kring->slots || ring->cur >= kring->slots || ring->tail >= kring->slots) {
        ring->head = kring->rhead = kring->hwcur;
        ring->cur = kring->rcur = kring->hwcur;
        ring->tail = kring->rtail = kring->hwtail;
    }
}

/* Takes head and cur from the program; whether they make sense. */
static bool take(struct ring *ring, struct kring *kring, uint32_t from, uint32_t to) {
    uint32_t head = ring->head;
    uint32_t cur = ring->cur;
    if (!within(head, from, to, kring->slots) || !within(cur, head, to, kring->slots)) {
        return false;
    }
    kring->rhead = head;
    kring->rcur = cur;
    return true;
}

static void finish(struct ring *ring, struct kring *kring) {
    ring->tail = kring->rtail = kring->hwtail;
    memcpy(kring->shadow, ring->slot, kring->slots * sizeof(struct slot));
}

static uint32_t next(struct kring *kring, uint32_t slot) {
    return slot + 1 == kring->slots ? 0 : slot + 1;
}

static uint32_t previous(struct kring *kring, uint32_t slot) {
    return slot ? slot - 1 : kring->slots - 1;
}

/* Both ends of a pipe have a slot's buffer until it comes back. */
static void pass_on(struct ring *from, struct ring *to, struct kring *kto, uint32_t i) {
    to->slot[i] = kto->shadow[i] = from->slot[i];
    from->slot[i].flags &= ~NM_BUFFER_CHANGED;
}

static void send_pipe(struct port *port, struct kring *kring) {
    struct port *peer = &state()->ports[port->peer];
    struct kring *there = &peer->rx[0];
    struct ring *from = ring_of(port, kring);
    kring->hwtail = kring->pipe_tail;
    bool whole = false;
    while (kring->hwcur != kring->rhead) {
        uint32_t i = kring->hwcur;
        pass_on(from, ring_of(peer, there), there, i);
        kring->hwcur = next(kring, i);
        if (!(from->slot[i].flags & NM_MORE_FRAGMENTS)) {
            there->pipe_tail = kring->hwcur;
            whole = true;
        }
    }
    if (whole) {
        notify(port->peer);
    }
}

static void receive_pipe(struct port *port, struct kring *kring) {
    struct port *peer = &state()->ports[port->peer];
    struct kring *there = &peer->tx[0];
    struct ring *from = ring_of(port, kring);
    kring->hwtail = kring->pipe_tail;
    if (kring->hwcur == kring->rhead) {
        return;
    }
    while (kring->hwcur != kring->rhead) {
        pass_on(from, ring_of(peer, there), there, kring->hwcur);
        kring->hwcur = next(kring, kring->hwcur);
    }
    there->pipe_tail = previous(kring, kring->hwcur);
    notify(port->peer);
}

static bool send_ring(int index, struct kring *kring, bool host) {
    struct port *port = &state()->ports[index];
    struct ring *ring = ring_of(port, kring);
    check_untouched(ring, kring);
    if (!take(ring, kring, kring->rhead, kring->rtail)) {
        reinitialise(ring, kring);
        return false;
    }
    ring->tail = kring->rtail;
    if (port->kind == PIPE) {
        send_pipe(port, kring);
    } else {
        if (port->kind == VALE) {
            send_vale(index, kring);
        } else if (!host) {
            send_card(index, kring);
        }
        kring->hwcur = kring->rhead;
        kring->hwtail = previous(kring, kring->hwcur);
    }
    finish(ring, kring);
    return true;
}

static bool receive_ring(int index, struct kring *kring) {
    struct port *port = &state()->ports[index];
    struct ring *ring = ring_of(port, kring);
    check_untouched(ring, kring);
    bool good = take(ring, kring, kring->hwcur, kring->hwtail);
    if (!good) {
        reinitialise(ring, kring);
    } else {
        ring->tail = kring->rtail;
    }
    if (port->kind == PIPE) {
        receive_pipe(port, kring);
    } else {
        kring->hwcur = kring->rhead;
    }
    finish(ring, kring);
    return good;
}

bool is_stopped(struct port *port) {
    int card = card_number(port->name);
    return state()->control.broken || (card != NONE && state()->control.card[card] != UP);
}

int sync_file(struct file *file, bool receives) {
    if (file->port == NONE) {
        return ENXIO;
    }
    struct port *port = &state()->ports[file->port];
    if (is_stopped(port)) {
        return EIO;
    }
    for (uint32_t i = file->first; i < file->last; i++) {
        if (receives) {
            receive_ring(file->port, &port->rx[i]);
        } else {
            send_ring(file->port, &port->tx[i], i >= port->rings);
        }
    }
    return 0;
}

/* As poll() of the module: sends what waits, and receives if asked. */
int poll_file(struct file *file, int events) {
    if (file->port == NONE || is_stopped(&state()->ports[file->port])) {
        return POLLERR;
    }
    struct port *port = &state()->ports[file->port];
    int ready = 0;
    for (uint32_t i = file->first; i < file->last; i++) {
        struct kring *tx = &port->tx[i];
        if ((events & POLLOUT) || ring_of(port, tx)->head != tx->hwcur) {
            ready |= send_ring(file->port, tx, i >= port->rings) ? 0 : POLLERR;
            ready |= tx->rcur != tx->rtail ? events & POLLOUT : 0;
        }
        if (events & POLLIN) {
            struct kring *rx = &port->rx[i];
            ready |= receive_ring(file->port, rx) ? 0 : POLLERR;
            ready |= rx->rcur != rx->rtail ? POLLIN : 0;
        }
    }
    return ready;
}
