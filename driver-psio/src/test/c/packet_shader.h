/*
 * The interface of /dev/packet_shader, the device of the PacketShader I/O engine, as x86-64 programs see it: requests of ioctl() and the layouts of their arguments.
 * Written for the stand-in and for the test of the driver's layouts.
 */
#ifndef PACKET_SHADER_H
#define PACKET_SHADER_H

#include <stdint.h>

enum {
    PS_LIST_DEVICES = 0,
    PS_ATTACH_RX_DEVICE = 1,
    PS_DETACH_RX_DEVICE = 2,
    PS_RECV_CHUNK = 3,
    PS_SEND_CHUNK = 4,
    PS_SLOWPATH_PACKET = 5,
    PS_RECV_CHUNK_IFIDX = 6,
    PS_SEND_CHUNK_BUF = 7,
    PS_GET_TXENTRY = 8,
    PS_SELECT = 9,
    PS_REQUESTS = 10
};

enum {
    PS_MAX_DEVICES = 16,
    PS_MAX_RINGS = 64,
    PS_MAX_BUFFERS = 48,
    PS_MAX_PACKET = 2048,
    PS_MAX_CHUNK = 4096,
    PS_SEND_MINIMUM = 256,
    PS_SHORTEST_SLOWPATH = 14,
    PS_LONGEST_SLOWPATH = 1514
};

enum { PS_CHECKSUM_UNKNOWN = 0, PS_CHECKSUM_GOOD = 1, PS_CHECKSUM_BAD = 2 };

struct ps_device {
    char name[16];
    uint8_t mac[6];
    uint32_t ipv4;
    int ifindex;
    int kifindex;
    int rx_queues;
    int tx_queues;
};

struct ps_queue {
    int ifindex;
    int qidx;
};

struct ps_pkt_info {
    uint32_t offset;
    uint16_t length;
    uint8_t checksum_rx;
};

struct ps_chunk {
    int count;
    int recv_blocking;
    struct ps_queue queue;
    struct ps_pkt_info *info;
    char *buffer;
};

struct ps_chunk_buf {
    uint16_t count;
    uint16_t next_to_use;
    uint16_t next_to_send;
    uint32_t next_offset;
    struct ps_queue queue;
    void *lock;
    struct ps_pkt_info *info;
    char *buffer;
};

struct ps_packet {
    int ifindex;
    int length;
    char *buffer;
};

struct ps_event {
    long timeout;
    int qidx;
    uint16_t rx_nids;
    uint16_t tx_nids;
};

#endif
