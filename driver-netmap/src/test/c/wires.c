/* What VALE switches and the wire between the cards do with frames. */
#include <string.h>

#include "standin.h"

enum { ETHERNET = 14, MOST_FRAGMENTS = 64 };

/* The key and table by which a card spreads flows: Microsoft's key, the rings in turn. */
const uint8_t hash_key[40] = {
    0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb,
    0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

struct fragment {
    const uint8_t *bytes;
    uint16_t length;
};

static uint8_t *buffer(struct port *port, const struct slot *slot) {
    return (uint8_t *) region_memory(port->region) + BUFFERS_AT + (slot->buffer < BUFFERS ? slot->buffer : 0) * BUFFER_SIZE;
}

/* Copies a frame into a receive ring, or loses it. */
static void deliver(int to, uint32_t ring_index, const struct fragment *fragments, uint32_t count, bool tell_count) {
    struct port *port = &state()->ports[to];
    struct kring *kring = &port->rx[ring_index];
    uint32_t room = (kring->hwcur + kring->slots - kring->hwtail - 1) % kring->slots;
    if (room < count) {
        state()->control.overrun++;
        return;
    }
    struct ring *ring = ring_of(port, kring);
    for (uint32_t i = 0; i < count; i++) {
        struct slot *slot = &ring->slot[kring->hwtail];
        memcpy(buffer(port, slot), fragments[i].bytes, fragments[i].length);
        slot->length = fragments[i].length;
        slot->flags = (uint16_t) ((tell_count ? count << 8 : 0) | (i + 1 < count ? NM_MORE_FRAGMENTS : 0));
        kring->shadow[kring->hwtail] = *slot;
        kring->hwtail = (kring->hwtail + 1) % kring->slots;
    }
    notify(to);
}

static void learn(const uint8_t *mac, int port) {
    if (mac[0] & 1) {
        return;
    }
    struct learned *place = NULL;
    for (int i = 0; i < LEARNED; i++) {
        if (!memcmp(state()->learned[i].mac, mac, 6)) {
            place = &state()->learned[i];
        }
    }
    if (!place) {
        place = &state()->learned[state()->next_learned++ % LEARNED];
        memcpy(place->mac, mac, 6);
    }
    place->port = port;
}

static bool is_same_switch(const char *one, const char *other) {
    size_t length = (size_t) (strchr(one, ':') - one);
    return !strncmp(one, other, length + 1);
}

static int known(const uint8_t *mac, const char *name) {
    for (int i = 0; i < LEARNED; i++) {
        struct learned *entry = &state()->learned[i];
        if (!(mac[0] & 1) && !memcmp(entry->mac, mac, 6) && state()->ports[entry->port].kind == VALE &&
            is_same_switch(name, state()->ports[entry->port].name)) {
            return entry->port;
        }
    }
    return NONE;
}

static void switch_frame(int from, const struct fragment *fragments, uint32_t count) {
    if (fragments[0].length < ETHERNET) {
        return;
    }
    const char *name = state()->ports[from].name;
    learn(fragments[0].bytes + 6, from);
    int to = known(fragments[0].bytes, name);
    for (int i = 0; i < PORTS; i++) {
        struct port *port = &state()->ports[i];
        if (i != from && (to == NONE || i == to) && port->kind == VALE && port->users > 0 &&
            is_same_switch(name, port->name)) {
            deliver(i, 0, fragments, count, true);
        }
    }
}

/* The Toeplitz hash of addresses and ports of TCP over IPv4; 0 for all else. */
static uint32_t hash(const uint8_t *frame, uint32_t length) {
    if (length < ETHERNET + 40 || frame[12] != 8 || frame[13] != 0 || frame[23] != 6 ||
        (frame[20] & 0x3f) || frame[21]) {
        return 0;
    }
    uint8_t input[12];
    memcpy(input, frame + 26, 8);
    memcpy(input + 8, frame + ETHERNET + (frame[14] & 0xf) * 4, 4);
    uint32_t result = 0;
    for (uint32_t bit = 0; bit < 96; bit++) {
        if (input[bit / 8] >> (7 - bit % 8) & 1) {
            uint64_t window = 0;
            for (uint32_t i = 0; i < 5; i++) {
                window = window << 8 | hash_key[bit / 8 + i];
            }
            result ^= (uint32_t) (window >> (8 - bit % 8));
        }
    }
    return result;
}

static void wire_frame(int from, const struct fragment *fragments, uint32_t count) {
    int card = 1 - card_number(state()->ports[from].name);
    for (int i = 0; i < PORTS; i++) {
        struct port *port = &state()->ports[i];
        if (port->kind == CARD && port->users > 0 && card_number(port->name) == card && !is_stopped(port)) {
            uint32_t ring = (hash(fragments[0].bytes, fragments[0].length) & 127) % CARD_RINGS;
            deliver(i, ring, fragments, count, false);
        }
    }
}

static void send(int from, struct kring *kring, void (*pass)(int, const struct fragment *, uint32_t)) {
    struct port *port = &state()->ports[from];
    struct ring *ring = ring_of(port, kring);
    struct fragment fragments[MOST_FRAGMENTS];
    uint32_t count = 0;
    bool good = true;
    for (uint32_t i = kring->hwcur; i != kring->rhead; i = (i + 1) % kring->slots) {
        struct slot *slot = &ring->slot[i];
        slot->flags &= ~NM_BUFFER_CHANGED;
        good &= slot->length <= BUFFER_SIZE && slot->buffer >= 2 && slot->buffer < BUFFERS && count < MOST_FRAGMENTS;
        if (good) {
            fragments[count++] = (struct fragment) {buffer(port, slot), slot->length};
        }
        if (!(slot->flags & NM_MORE_FRAGMENTS)) {
            if (good) {
                pass(from, fragments, count);
            }
            good = true;
            count = 0;
        }
    }
}

void send_vale(int port, struct kring *kring) {
    send(port, kring, switch_frame);
}

void send_card(int port, struct kring *kring) {
    send(port, kring, wire_frame);
}
