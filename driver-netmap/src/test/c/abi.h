/* netmap's interface to programs, API 14 on x86-64, as far as the stand-in has it: numbers and layouts, with names of our own. */
#ifndef ABI_H
#define ABI_H

#include <stddef.h>
#include <stdint.h>

#define NM_DEVICE "/dev/netmap"
#define NM_OLDEST_API 14
#define NM_NEWEST_API 15

#define NM_CONTROL 0xc0586997u
#define NM_REGISTER_LEGACY 0xc03c6992u
#define NM_TXSYNC 0x6994u
#define NM_RXSYNC 0x6995u
#define NM_REQUEST_REGISTER 1

enum { NM_ALL = 1, NM_HOST = 2, NM_ALL_AND_HOST = 3, NM_ONE = 4, NM_PIPE_MASTER = 5, NM_PIPE_SLAVE = 6 };

#define NM_MODE_MASK 0xf
#define NM_EXCLUSIVE 0x800
#define NM_BUFFER_CHANGED 1
#define NM_MORE_FRAGMENTS 0x20

struct header {
    uint16_t version, type;
    uint32_t zero;
    char name[64];
    uint64_t options, body;
};

struct registration {
    uint64_t offset, memory_size;
    uint32_t tx_slots, rx_slots;
    uint16_t tx_rings, rx_rings, host_tx_rings, host_rx_rings;
    uint16_t memory_id, ring;
    uint32_t mode, extra_buffers;
    uint64_t flags;
};

struct legacy {
    char name[16];
    uint32_t version, offset, memory_size, tx_slots, rx_slots;
    uint16_t tx_rings, rx_rings, ring, command, arg1, arg2;
    uint32_t arg3, flags, spare;
};

struct interface {
    char name[16];
    uint32_t version, flags, tx_rings, rx_rings, first_extra, host_tx_rings, host_rx_rings, spare[3];
    int64_t rings[];
};

struct slot {
    uint32_t buffer;
    uint16_t length, flags;
    uint64_t pointer;
};

struct ring {
    int64_t buffers;
    uint32_t slots, buffer_size;
    uint16_t index, direction;
    uint32_t head, cur, tail, flags;
    int64_t time[2];
    uint64_t offset_mask, alignment;
    uint8_t opaque[128] __attribute__((aligned(128)));
    struct slot slot[];
};

#define AT(type, field, place) _Static_assert(offsetof(struct type, field) == (place), #type "." #field)
#define SIZE(type, bytes) _Static_assert(sizeof(struct type) == (bytes), #type)

SIZE(header, 88);
AT(header, name, 8);
AT(header, options, 72);
AT(header, body, 80);
SIZE(registration, 56);
AT(registration, tx_slots, 16);
AT(registration, tx_rings, 24);
AT(registration, memory_id, 32);
AT(registration, ring, 34);
AT(registration, mode, 36);
AT(registration, flags, 48);
SIZE(legacy, 60);
AT(legacy, version, 16);
AT(legacy, tx_rings, 36);
AT(legacy, ring, 40);
AT(legacy, flags, 52);
AT(interface, tx_rings, 24);
AT(interface, host_tx_rings, 36);
AT(interface, rings, 56);
SIZE(slot, 16);
SIZE(ring, 256);
AT(ring, slots, 8);
AT(ring, head, 20);
AT(ring, tail, 28);
AT(ring, time, 40);
AT(ring, offset_mask, 56);
AT(ring, opaque, 128);

#endif
