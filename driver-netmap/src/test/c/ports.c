/* Ports: found by name, made, bound to files, taken away. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "standin.h"

#define USUAL_SLOTS 1024u
#define CARD_SLOTS 256u

int card_number(const char *name) {
    return !strcmp(name, "nic0") ? 0 : !strcmp(name, "nic1") ? 1 : NONE;
}

static int find(const char *name) {
    for (int i = 0; i < PORTS; i++) {
        if (state()->ports[i].kind != UNUSED && !strcmp(state()->ports[i].name, name)) {
            return i;
        }
    }
    return NONE;
}

static int add(const char *name, enum kind kind, uint32_t rings) {
    for (int i = 0; i < PORTS; i++) {
        struct port *port = &state()->ports[i];
        if (port->kind == UNUSED) {
            memset(port, 0, offsetof(struct port, tx));
            strncpy(port->name, name, sizeof port->name - 1);
            port->kind = kind;
            port->rings = rings;
            port->region = i;
            port->peer = NONE;
            return i;
        }
    }
    return NONE;
}

static uint32_t bounded(uint32_t wanted, uint32_t usual) {
    return wanted == 0 ? usual : wanted > MOST_SLOTS ? MOST_SLOTS : wanted;
}

static uint32_t fill_buffers(struct port *port, struct kring *kring, uint32_t buffer) {
    struct ring *ring = ring_of(port, kring);
    for (uint32_t i = 0; i < kring->slots; i++) {
        ring->slot[i].buffer = kring->shadow[i].buffer = buffer++;
    }
    return buffer;
}

/* The rings of a port, and of a pipe's other end: that one's receive rings have the buffers of these transmit rings. */
static void make_rings(int index, uint32_t tx_slots, uint32_t rx_slots, uint32_t host) {
    struct port *port = &state()->ports[index];
    uint32_t at = RINGS_AT;
    uint32_t buffer = 2; /* the module keeps the first two for itself */
    for (uint32_t i = 0; i < port->rings + host; i++) {
        make_ring(port, &port->tx[i], at, tx_slots, false);
        make_ring(port, &port->rx[i], at + RING_ROOM, rx_slots, true);
        at += 2 * RING_ROOM;
        buffer = fill_buffers(port, &port->tx[i], buffer);
        buffer = fill_buffers(port, &port->rx[i], buffer);
    }
    port->ready = true;
    if (port->kind != PIPE) {
        return;
    }
    struct port *peer = &state()->ports[port->peer];
    make_ring(peer, &peer->tx[0], at, rx_slots, false);
    make_ring(peer, &peer->rx[0], at + RING_ROOM, tx_slots, true);
    for (uint32_t i = 0; i < tx_slots; i++) {
        ring_of(peer, &peer->rx[0])->slot[i] = peer->rx[0].shadow[i] = ring_of(port, &port->tx[0])->slot[i];
    }
    for (uint32_t i = 0; i < rx_slots; i++) {
        ring_of(peer, &peer->tx[0])->slot[i] = peer->tx[0].shadow[i] = ring_of(port, &port->rx[0])->slot[i];
    }
    peer->ready = true;
}

static int pipe_port(const char *name, struct registration *request, int *found) {
    const char *bracket = strrchr(name, '{') ? strrchr(name, '{') : strrchr(name, '}');
    if (!bracket[1] || bracket == name || (request->mode != NM_ALL && request->mode != NM_ONE)) {
        return EINVAL;
    }
    if (bracket - name > 15 && strncmp(name, "vale", 4)) {
        return ENXIO;
    }
    if ((*found = find(name)) != NONE) {
        return 0;
    }
    char other[64];
    strcpy(other, name);
    other[bracket - name] = *bracket == '{' ? '}' : '{';
    int own = add(name, PIPE, 1);
    int peer = own == NONE ? NONE : add(other, PIPE, 1);
    if (peer == NONE) {
        if (own != NONE) {
            state()->ports[own].kind = UNUSED;
        }
        return ENOMEM;
    }
    state()->ports[own].peer = peer;
    state()->ports[peer].peer = own;
    state()->ports[peer].region = own;
    make_rings(own, bounded(request->tx_slots, USUAL_SLOTS), bounded(request->rx_slots, USUAL_SLOTS), 0);
    *found = own;
    return 0;
}

static int vale_port(const char *name, struct registration *request, int *found) {
    const char *colon = strchr(name, ':');
    if (!colon || !colon[1]) {
        return ENOMEM;
    }
    if (card_number(colon + 1) != NONE) {
        return EINVAL; /* cards hang on a switch, but are not opened so */
    }
    if ((*found = find(name)) == NONE) {
        if ((*found = add(name, VALE, 1)) == NONE) {
            return ENOMEM;
        }
        make_rings(*found, bounded(request->tx_slots, USUAL_SLOTS), bounded(request->rx_slots, USUAL_SLOTS), 0);
    }
    return 0;
}

static int card_port(const char *name, int *found) {
    int number = card_number(name);
    if (number == NONE || state()->control.card[number] == GONE) {
        return ENXIO;
    }
    if ((*found = find(name)) == NONE) {
        if ((*found = add(name, CARD, CARD_RINGS)) == NONE) {
            return ENOMEM;
        }
        make_rings(*found, CARD_SLOTS, CARD_SLOTS, 1);
    }
    return 0;
}

static int choose_rings(struct file *file, struct port *port, struct registration *request) {
    bool host = port->kind == CARD;
    switch (request->mode) {
        case NM_ALL: file->first = 0; file->last = port->rings; return 0;
        case NM_ONE:
            file->first = request->ring;
            file->last = request->ring + 1;
            return request->ring < port->rings ? 0 : EINVAL;
        case NM_HOST: file->first = port->rings; file->last = port->rings + 1; return host ? 0 : EINVAL;
        case NM_ALL_AND_HOST: file->first = 0; file->last = port->rings + 1; return host ? 0 : EINVAL;
        default: return EINVAL;
    }
}

/* Whether someone has these rings for himself, or wants them so though others have them. */
static bool in_use(int index, int port, struct file *wanted) {
    for (int i = 0; i < FILES; i++) {
        struct file *other = &state()->files[i];
        if (i != index && other->port == port && other->first < wanted->last && wanted->first < other->last &&
            (other->exclusive || wanted->exclusive)) {
            return true;
        }
    }
    return false;
}

static void describe(int index, struct port *port, struct registration *request) {
    struct file *file = &state()->files[index];
    file->interface_at = (uint32_t) index * INTERFACE_ROOM;
    struct interface *interface = (struct interface *) (region_memory(port->region) + file->interface_at);
    memset(interface, 0, INTERFACE_ROOM);
    memcpy(interface->name, port->name, sizeof interface->name - 1);
    interface->tx_rings = interface->rx_rings = port->rings;
    interface->host_tx_rings = interface->host_rx_rings = 1;
    for (uint32_t i = file->first; i < file->last; i++) {
        interface->rings[i] = (int64_t) port->tx[i].at - file->interface_at;
        interface->rings[port->rings + 1 + i] = (int64_t) port->rx[i].at - file->interface_at;
    }
    request->offset = file->interface_at;
    request->memory_size = REGION_SIZE;
    request->tx_slots = port->tx[0].slots;
    request->rx_slots = port->rx[0].slots;
    request->tx_rings = request->rx_rings = (uint16_t) port->rings;
    request->host_tx_rings = request->host_rx_rings = port->kind == CARD;
    request->memory_id = (uint16_t) (port->region + 1);
}

static void remove_if_unused(int index) {
    struct port *port = &state()->ports[index];
    if (port->users > 0 || (port->kind == PIPE && state()->ports[port->peer].users > 0)) {
        return;
    }
    if (port->kind == PIPE) {
        state()->ports[port->peer].kind = UNUSED;
    }
    for (int i = 0; i < LEARNED; i++) {
        if (state()->learned[i].port == index) {
            memset(&state()->learned[i], 0, sizeof state()->learned[i]);
        }
    }
    port->kind = UNUSED;
}

int bind_file(int index, const char *name, struct registration *request) {
    struct file *file = &state()->files[index];
    if (file->port != NONE) {
        return EBUSY;
    }
    if (state()->control.register_error) {
        return (int) state()->control.register_error;
    }
    release_dead();
    int port = NONE;
    int error = strchr(name, '{') || strchr(name, '}') ? pipe_port(name, request, &port)
            : !strncmp(name, "vale", 4)                ? vale_port(name, request, &port)
                                                       : card_port(name, &port);
    if (error) {
        return error;
    }
    file->exclusive = request->flags & NM_EXCLUSIVE;
    error = choose_rings(file, &state()->ports[port], request);
    if (!error && in_use(index, port, file)) {
        error = EBUSY;
    }
    if (error) {
        remove_if_unused(port);
        return error;
    }
    file->port = port;
    state()->ports[port].users++;
    describe(index, &state()->ports[port], request);
    return 0;
}

/* A file holds its port until it is closed and nothing is mapped. */
void release_if_unused(int index) {
    struct file *file = &state()->files[index];
    if (file->open || file->maps > 0) {
        return;
    }
    int port = file->port;
    file->port = NONE;
    file->pid = 0;
    if (port != NONE) {
        state()->ports[port].users--;
        remove_if_unused(port);
    }
}

/* The kernel closes what a program leaves open. */
void release_dead(void) {
    for (int i = 0; i < FILES; i++) {
        struct file *file = &state()->files[i];
        if (file->pid && kill(file->pid, 0) && errno == ESRCH) {
            file->open = false;
            file->maps = 0;
            release_if_unused(i);
        }
    }
}
