/*
 * Stands in for the kernel module of the PacketShader I/O engine: the same device file, requests, layouts and errors, over AF_PACKET sockets on ordinary interfaces.
 * A library for LD_PRELOAD; it takes the calls that concern /dev/packet_shader and leaves all others to the system.
 *
 * A card is described by "name=wire:queues" or "name=wire:receive queues/transmit queues:slow", cards by such words with blanks between them, in the environment variable PSIO_STANDIN or by
 * psio_standin_configure(). "name" is an interface of the kernel that tells its address and MTU; frames come from and go to the interface "wire"; a frame given to the
 * kernel leaves by "slow", which is to be joined to "name".
 *
 * Differences: nothing sleeps on interrupts, but looks again every millisecond; what a ring or a socket cannot hold counts as missed, and shows in the kernel's table of
 * interfaces as this process reads it.
 */
#define _GNU_SOURCE
#include "packet_shader.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { MAX_FD = 65536, MAX_QUEUES = 16, RX_ENTRIES = 4096, BATCH = 32, SOCKET_BYTES = 256 << 20, SHORTEST = 60 };

/* Requests of its own for psio_standin_fail(). */
enum { FAIL_OPEN = PS_REQUESTS, FAIL_MMAP, FAILURES };

struct context;

struct rx_ring {
    int ifindex;
    int index;
    struct context *owner;
    unsigned first;
    unsigned count;
    uint16_t lengths[RX_ENTRIES];
    uint8_t (*slots)[PS_MAX_PACKET];
};

struct card {
    char name[IFNAMSIZ];
    char wire[IFNAMSIZ];
    char slow[IFNAMSIZ];
    int rx_queues;
    int tx_queues;
    int wire_socket;
    int slow_socket;
    uint64_t missed;
    struct rx_ring rx[MAX_QUEUES];
    unsigned tx_used[MAX_QUEUES];
};

struct context {
    bool open;
    int attached;
    int next;
    struct rx_ring *rings[PS_MAX_RINGS];
    int buffer_count;
    char *buffers[PS_MAX_BUFFERS];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool loaded;
static pid_t loader;
static int card_count;
static struct card cards[PS_MAX_DEVICES];
static struct context *contexts[MAX_FD];
static struct context *all[1024];
static int all_count;

static unsigned tx_entries = 4096;
static unsigned tx_cleaned = 4096;
static struct {
    int error;
    int after;
    int times;
} failures[FAILURES];
static long calls[PS_REQUESTS];
static long partial_sends;

/* The error that this call is to end with; 0 for none. */
static int failure(int number) {
    if (failures[number].times == 0) {
        return 0;
    }
    if (failures[number].after > 0) {
        failures[number].after--;
        return 0;
    }
    failures[number].times--;
    return failures[number].error;
}

/* ---- the system's calls ---- */

static int system_open(const char *path, int flags, mode_t mode) {
    return (int) syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

static void *system_mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
    return (void *) syscall(SYS_mmap, address, length, protection, flags, fd, offset);
}

/* ---- cards ---- */

static int packet_socket(const char *interface, int protocol) {
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct sockaddr_ll address = {
        .sll_family = AF_PACKET, .sll_protocol = htons(protocol), .sll_ifindex = (int) if_nametoindex(interface)};
    int yes = 1;
    int bytes = SOCKET_BYTES;
    if (fd < 0 || address.sll_ifindex == 0
        || setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes) != 0
        || setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof yes) != 0
        || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0
        || setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes) != 0
        || bind(fd, (struct sockaddr *) &address, sizeof address) != 0) {
        fprintf(stderr, "psio-standin: interface %s: %s\n", interface, strerror(errno));
        abort();
    }
    return fd;
}

static void unload(void) {
    for (int i = 0; i < card_count; i++) {
        syscall(SYS_close, cards[i].wire_socket);
        if (cards[i].slow_socket >= 0) {
            syscall(SYS_close, cards[i].slow_socket);
        }
        for (int q = 0; q < MAX_QUEUES; q++) {
            free(cards[i].rx[q].slots);
        }
    }
    memset(cards, 0, sizeof cards);
    card_count = 0;
    loaded = false;
}

static void load(const char *text) {
    unload();
    loaded = true;
    loader = getpid();
    for (; *text != '\0' && card_count < PS_MAX_DEVICES; text += strcspn(text, " "), text += strspn(text, " ")) {
        struct card *card = &cards[card_count];
        int end = 0;
        sscanf(text, "%15[^= ]=%15[^: ]:%d%n", card->name, card->wire, &card->rx_queues, &end);
        card->tx_queues = card->rx_queues;
        if (text[end] == '/') {
            card->tx_queues = atoi(&text[end + 1]);
            end += 1 + (int) strspn(&text[end + 1], "0123456789");
        }
        sscanf(&text[end], ":%15[^ ]", card->slow);
        if (card->rx_queues < 1 || card->rx_queues > MAX_QUEUES || card->tx_queues < 1 || card->tx_queues > MAX_QUEUES) {
            fprintf(stderr, "psio-standin: cannot read: %s\n", text);
            abort();
        }
        card->wire_socket = packet_socket(card->wire, ETH_P_ALL);
        card->slow_socket = card->slow[0] == '\0' ? -1 : packet_socket(card->slow, 0);
        for (int q = 0; q < card->rx_queues; q++) {
            card->rx[q].ifindex = card_count;
            card->rx[q].index = q;
            card->rx[q].slots = malloc((size_t) RX_ENTRIES * PS_MAX_PACKET);
        }
        card_count++;
    }
}

/* Once in each process: a child that shared its parent's sockets would take frames from it. */
static void load_from_environment(void) {
    const char *text = getenv("PSIO_STANDIN");
    pthread_mutex_lock(&lock);
    if (text != NULL && loader != getpid()) {
        load(text);
    }
    pthread_mutex_unlock(&lock);
}

/* ---- receiving ---- */

/* The Toeplitz hash with the engine's key, 05 in each byte: 32 bits of it from any place on depend on that place within a byte only. */
static uint32_t hash(const uint8_t *input, int length) {
    uint32_t result = 0;
    for (int bit = 0; bit < 8 * length; bit++) {
        if (input[bit / 8] >> (7 - bit % 8) & 1) {
            uint64_t key = 0x0505050505ULL;
            result ^= (uint32_t) (key >> (8 - bit % 8));
        }
    }
    return result;
}

static bool is_ipv4(const uint8_t *frame, size_t length) {
    return length >= 34 && frame[12] == 0x08 && frame[13] == 0x00;
}

static int queue_of(const struct card *card, const uint8_t *frame, size_t length) {
    if (!is_ipv4(frame, length)) {
        return 0;
    }
    const uint8_t *ip = frame + 14;
    size_t header = (size_t) (ip[0] & 15) * 4;
    uint8_t input[12];
    memcpy(input, ip + 12, 8);
    int inputs = 8;
    bool whole = (ip[6] & 0x3f) == 0 && ip[7] == 0;
    if ((ip[9] == IPPROTO_TCP || ip[9] == IPPROTO_UDP) && whole && length >= 14 + header + 4) {
        memcpy(input + 8, ip + header, 4);
        inputs = 12;
    }
    return (int) (hash(input, inputs) & 127) % card->rx_queues;
}

static uint8_t checksum(const uint8_t *frame, size_t length) {
    if (!is_ipv4(frame, length)) {
        return PS_CHECKSUM_UNKNOWN;
    }
    const uint8_t *ip = frame + 14;
    size_t header = (size_t) (ip[0] & 15) * 4;
    if (header < 20 || 14 + header > length) {
        return PS_CHECKSUM_BAD;
    }
    uint32_t sum = 0;
    for (size_t i = 0; i < header; i += 2) {
        sum += (uint32_t) ip[i] << 8 | ip[i + 1];
    }
    while (sum >> 16 != 0) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum == 0xffff ? PS_CHECKSUM_GOOD : PS_CHECKSUM_BAD;
}

/* What a queue that nobody has attached gets is the kernel's. */
static void arrive(struct card *card, const uint8_t *frame, size_t length) {
    struct rx_ring *ring = &card->rx[queue_of(card, frame, length)];
    if (ring->owner == NULL || length > PS_MAX_PACKET) {
        return;
    }
    if (ring->count == RX_ENTRIES - 1) {
        card->missed++;
        return;
    }
    unsigned slot = (ring->first + ring->count++) % RX_ENTRIES;
    memcpy(ring->slots[slot], frame, length);
    ring->lengths[slot] = (uint16_t) length;
}

/* Takes what has come on the wire. */
static void drain(struct card *card) {
    static uint8_t frames[BATCH][PS_MAX_PACKET + 1];
    struct iovec vectors[BATCH];
    struct mmsghdr messages[BATCH];
    int taken;
    do {
        memset(messages, 0, sizeof messages);
        for (int i = 0; i < BATCH; i++) {
            vectors[i] = (struct iovec){frames[i], sizeof frames[i]};
            messages[i].msg_hdr.msg_iov = &vectors[i];
            messages[i].msg_hdr.msg_iovlen = 1;
        }
        taken = recvmmsg(card->wire_socket, messages, BATCH, MSG_DONTWAIT, NULL);
        for (int i = 0; i < taken; i++) {
            arrive(card, frames[i], messages[i].msg_len);
        }
    } while (taken == BATCH);
}

static int find_buffer(const struct context *context, const char *address) {
    for (int i = 0; i < context->buffer_count; i++) {
        if (context->buffers[i] == address) {
            return i;
        }
    }
    return -1;
}

/* Copies frames to the beginning of a buffer, each to a multiple of 64. */
static int take(struct rx_ring *ring, const struct ps_chunk *chunk) {
    drain(&cards[ring->ifindex]);
    uint32_t offset = 0;
    int n = 0;
    for (; n < chunk->count && ring->count > 0; n++) {
        unsigned slot = ring->first;
        uint16_t length = ring->lengths[slot];
        memcpy(chunk->buffer + offset, ring->slots[slot], length);
        chunk->info[n] = (struct ps_pkt_info){offset, length, checksum(ring->slots[slot], length)};
        offset = (offset + length + 63) / 64 * 64;
        ring->first = (slot + 1) % RX_ENTRIES;
        ring->count--;
    }
    return n;
}

/* Looks again in a millisecond, or sooner if something comes on the wire of a card. False after a signal. */
static bool look_again(const struct context *context, long nanos) {
    struct pollfd polled[PS_MAX_RINGS];
    for (int i = 0; i < context->attached; i++) {
        polled[i] = (struct pollfd){.fd = cards[context->rings[i]->ifindex].wire_socket, .events = POLLIN};
    }
    struct timespec moment = {0, nanos < 1000000 ? nanos : 1000000};
    int count = context->attached;
    pthread_mutex_unlock(&lock);
    int answer = ppoll(polled, (nfds_t) count, &moment, NULL);
    bool interrupted = answer < 0 && errno == EINTR;
    pthread_mutex_lock(&lock);
    return !interrupted;
}

static int check_receive(const struct context *context, const struct ps_chunk *chunk) {
    if (chunk->count <= 0 || chunk->count > PS_MAX_CHUNK) {
        return -EINVAL;
    }
    if (find_buffer(context, chunk->buffer) < 0) {
        return -EFAULT;
    }
    return context->attached == 0 ? -EINVAL : 0;
}

static int recv_chunk(struct context *context, struct ps_chunk *chunk) {
    int error = check_receive(context, chunk);
    if (error != 0) {
        return error;
    }
    for (;;) {
        for (int i = 0; i < context->attached; i++) {
            struct rx_ring *ring = context->rings[(context->next + i) % context->attached];
            int n = take(ring, chunk);
            if (n > 0) {
                context->next = (context->next + 1) % context->attached;
                chunk->queue = (struct ps_queue){ring->ifindex, ring->index};
                return n;
            }
        }
        if (!chunk->recv_blocking) {
            return -EWOULDBLOCK;
        }
        if (!look_again(context, 1000000)) {
            return -EINTR;
        }
    }
}

/* The number asked for is a place in the order of attaching, the one answered that of the card. The module does not look whether there is such a place. */
static int recv_chunk_ifidx(struct context *context, struct ps_chunk *chunk) {
    int error = check_receive(context, chunk);
    if (error != 0) {
        return error;
    }
    if (chunk->queue.ifindex < 0 || chunk->queue.ifindex >= context->attached) {
        fprintf(stderr, "psio-standin: queue %d of %d: the kernel would crash\n", chunk->queue.ifindex, context->attached);
        abort();
    }
    struct rx_ring *ring = context->rings[chunk->queue.ifindex];
    int n = take(ring, chunk);
    if (n <= 0) {
        return -EWOULDBLOCK;
    }
    chunk->queue.ifindex = ring->ifindex;
    return n;
}

/* ---- sending ---- */

static unsigned free_entries(const struct card *card, int queue) {
    return tx_entries - 1 - card->tx_used[queue];
}

static void clean(struct card *card, int queue, unsigned budget) {
    unsigned n = budget < tx_cleaned ? budget : tx_cleaned;
    card->tx_used[queue] -= n < card->tx_used[queue] ? n : card->tx_used[queue];
}

/* As the card: pads to the Ethernet minimum. */
static void put_on_wire(int fd, const char *bytes, size_t length) {
    uint8_t padded[SHORTEST] = {0};
    if (length < SHORTEST) {
        memcpy(padded, bytes, length);
        bytes = (const char *) padded;
        length = SHORTEST;
    }
    while (send(fd, bytes, length, 0) < 0 && (errno == EAGAIN || errno == EINTR || errno == ENOBUFS)) {
        struct pollfd writable = {.fd = fd, .events = POLLOUT};
        poll(&writable, 1, 1);
    }
}

static int transmit(struct card *card, int queue, int count, const struct ps_pkt_info *info, const char *buffer) {
    if ((int) free_entries(card, queue) < count) {
        clean(card, queue, tx_cleaned);
    }
    int n = (int) free_entries(card, queue) < count ? (int) free_entries(card, queue) : count;
    for (int i = 0; i < n; i++) {
        put_on_wire(card->wire_socket, buffer + info[i].offset, info[i].length);
    }
    card->tx_used[queue] += (unsigned) n;
    partial_sends += n < count;
    return n;
}

static bool is_queue(const struct ps_queue *queue, bool receiving) {
    if (queue->ifindex < 0 || queue->ifindex >= card_count) {
        return false;
    }
    const struct card *card = &cards[queue->ifindex];
    return queue->qidx >= 0 && queue->qidx < (receiving ? card->rx_queues : card->tx_queues);
}

static int send_chunk(struct context *context, const struct ps_chunk *chunk) {
    if (chunk->count <= 0 || chunk->count > PS_MAX_CHUNK || !is_queue(&chunk->queue, false)) {
        return -EINVAL;
    }
    if (find_buffer(context, chunk->buffer) < 0) {
        return -EFAULT;
    }
    return transmit(&cards[chunk->queue.ifindex], chunk->queue.qidx, chunk->count, chunk->info, chunk->buffer);
}

static int send_chunk_buf(struct context *context, const struct ps_chunk_buf *chunk) {
    if (chunk->count == 0 || !is_queue(&chunk->queue, false)) {
        return -EINVAL;
    }
    if (find_buffer(context, chunk->buffer) < 0) {
        return -EFAULT;
    }
    int count = chunk->count;
    if (count > PS_MAX_CHUNK - chunk->next_to_send) {
        count = PS_MAX_CHUNK - chunk->next_to_send;
    }
    if (count > PS_SEND_MINIMUM) {
        count = PS_SEND_MINIMUM;
    }
    const struct ps_pkt_info *info = chunk->info + chunk->next_to_send;
    return transmit(&cards[chunk->queue.ifindex], chunk->queue.qidx, count, info, chunk->buffer);
}

/* ---- the other requests ---- */

static int list_devices(struct ps_device *devices) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    for (int i = 0; i < card_count; i++) {
        struct ifreq request;
        struct ps_device *device = &devices[i];
        memset(device, 0, sizeof *device);
        memset(&request, 0, sizeof request);
        strcpy(device->name, cards[i].name);
        strcpy(request.ifr_name, cards[i].name);
        device->ifindex = i;
        device->kifindex = (int) if_nametoindex(cards[i].name);
        device->rx_queues = cards[i].rx_queues;
        device->tx_queues = cards[i].tx_queues;
        if (syscall(SYS_ioctl, fd, SIOCGIFHWADDR, &request) == 0) {
            memcpy(device->mac, request.ifr_hwaddr.sa_data, 6);
        }
        if (syscall(SYS_ioctl, fd, SIOCGIFADDR, &request) == 0) {
            device->ipv4 = ((struct sockaddr_in *) &request.ifr_addr)->sin_addr.s_addr;
        }
    }
    syscall(SYS_close, fd);
    return card_count;
}

static int attach(struct context *context, const struct ps_queue *queue) {
    if (!is_queue(queue, true)) {
        return -EINVAL;
    }
    struct rx_ring *ring = &cards[queue->ifindex].rx[queue->qidx];
    if (ring->owner != NULL) {
        return -EBUSY;
    }
    drain(&cards[queue->ifindex]);
    ring->owner = context;
    ring->first = 0;
    ring->count = 0;
    context->rings[context->attached++] = ring;
    return 0;
}

static int detach(struct context *context, const struct ps_queue *queue) {
    if (!is_queue(queue, true)) {
        return -EINVAL;
    }
    struct rx_ring *ring = &cards[queue->ifindex].rx[queue->qidx];
    if (ring->owner != context) {
        return -EBUSY;
    }
    ring->owner = NULL;
    for (int i = 0; i < context->attached; i++) {
        if (context->rings[i] == ring) {
            if (context->next > i) {
                context->next--;
            }
            context->attached--;
            memmove(&context->rings[i], &context->rings[i + 1], (size_t) (context->attached - i) * sizeof ring);
            break;
        }
    }
    return 0;
}

static int slowpath_packet(const struct ps_packet *packet) {
    if (packet->length < PS_SHORTEST_SLOWPATH || packet->length > PS_LONGEST_SLOWPATH || packet->ifindex < 0
        || packet->ifindex >= card_count) {
        return -EINVAL;
    }
    if (cards[packet->ifindex].slow_socket >= 0) {
        put_on_wire(cards[packet->ifindex].slow_socket, packet->buffer, (size_t) packet->length);
    }
    return 0;
}

static int get_txentry(const struct ps_queue *queue) {
    return is_queue(queue, false) ? (int) free_entries(&cards[queue->ifindex], queue->qidx) : -EINVAL;
}

static long nanos_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000L + now.tv_nsec;
}

static int ps_select(struct context *context, struct ps_event *event) {
    if (context->attached == 0) {
        return -EINVAL;
    }
    if (event->rx_nids == 0 && event->tx_nids == 0) {
        return 1;
    }
    /* Held against the first card, whichever are asked for. */
    if ((event->rx_nids | event->tx_nids) >> card_count != 0 || event->qidx < 0
        || (event->rx_nids != 0 && event->qidx >= cards[0].rx_queues)
        || (event->tx_nids != 0 && event->qidx >= cards[0].tx_queues)) {
        return -EINVAL;
    }
    long end = nanos_now() + event->timeout * 1000;
    for (;;) {
        uint16_t rx = 0;
        uint16_t tx = 0;
        for (int i = 0; i < card_count; i++) {
            if (event->rx_nids >> i & 1) {
                drain(&cards[i]);
                rx |= (uint16_t) ((cards[i].rx[event->qidx].count > 0) << i);
            }
            if (event->tx_nids >> i & 1) {
                if (free_entries(&cards[i], event->qidx) >= PS_SEND_MINIMUM) {
                    tx |= (uint16_t) (1 << i);
                } else if (event->timeout != 0) {
                    clean(&cards[i], event->qidx, PS_SEND_MINIMUM);
                }
            }
        }
        long left = event->timeout > 0 ? end - nanos_now() : 1000000;
        if (rx != 0 || tx != 0 || left <= 0) {
            event->rx_nids = rx;
            event->tx_nids = tx;
            return 1;
        }
        if (event->timeout == 0) {
            return -EAGAIN;
        }
        if (!look_again(context, left)) {
            return -EINTR;
        }
    }
}

static int request(struct context *context, unsigned long number, void *argument) {
    if (number < PS_REQUESTS) {
        calls[number]++;
        int error = failure((int) number);
        if (error != 0) {
            return -error;
        }
    }
    switch (number) {
        case PS_LIST_DEVICES:
            return list_devices(argument);
        case PS_ATTACH_RX_DEVICE:
            return attach(context, argument);
        case PS_DETACH_RX_DEVICE:
            return detach(context, argument);
        case PS_RECV_CHUNK:
            return recv_chunk(context, argument);
        case PS_SEND_CHUNK:
            return send_chunk(context, argument);
        case PS_SLOWPATH_PACKET:
            return slowpath_packet(argument);
        case PS_RECV_CHUNK_IFIDX:
            return recv_chunk_ifidx(context, argument);
        case PS_SEND_CHUNK_BUF:
            return send_chunk_buf(context, argument);
        case PS_GET_TXENTRY:
            return get_txentry(argument);
        case PS_SELECT:
            return ps_select(context, argument);
        default:
            return -ENOTTY;
    }
}

/* ---- contexts ---- */

static int fail(int error) {
    errno = error;
    return -1;
}

/* Gives back what an open file holds, once neither its descriptor nor a mapping is left, as the kernel does. */
static void release(struct context *context) {
    if (context->open || context->buffer_count > 0) {
        return;
    }
    for (int i = 0; i < context->attached; i++) {
        context->rings[i]->owner = NULL;
    }
    for (int i = 0; i < all_count; i++) {
        if (all[i] == context) {
            all[i] = all[--all_count];
            break;
        }
    }
    free(context);
}

static int open_device(void) {
    pthread_mutex_lock(&lock);
    int fd = -1;
    int error = failure(FAIL_OPEN);
    if (error != 0) {
        errno = error;
    } else {
        fd = memfd_create("packet_shader", MFD_CLOEXEC);
        if (fd >= MAX_FD || all_count == (int) (sizeof all / sizeof all[0])) {
            abort();
        }
        if (fd >= 0) {
            contexts[fd] = calloc(1, sizeof(struct context));
            contexts[fd]->open = true;
            all[all_count++] = contexts[fd];
        }
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

/* ---- the kernel's tables, with the cards in them ---- */

static int table(const char *path, void (*rewrite)(FILE *, char *)) {
    int source = system_open(path, O_RDONLY | O_CLOEXEC, 0);
    if (source < 0) {
        return source;
    }
    int fd = memfd_create("table", MFD_CLOEXEC);
    FILE *in = fdopen(source, "r");
    FILE *out = fdopen(dup(fd), "w");
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, in) >= 0) {
        rewrite(out, line);
    }
    rewrite(out, NULL);
    free(line);
    fclose(in);
    fclose(out);
    lseek(fd, 0, SEEK_SET);
    return fd;
}

static void write_interrupts(FILE *out, char *line) {
    if (line != NULL) {
        fputs(line, out);
        return;
    }
    for (int i = 0; i < card_count; i++) {
        for (int q = 0; q < cards[i].rx_queues; q++) {
            fprintf(out, "%3d: 0 PCI-MSI-edge %s-rx-%d\n", 900 + MAX_QUEUES * i + q, cards[i].name, q);
        }
    }
}

static void write_interfaces(FILE *out, char *line) {
    if (line == NULL) {
        return;
    }
    char name[IFNAMSIZ];
    unsigned long bytes, packets, errors, dropped;
    int rest;
    if (sscanf(line, " %15[^:]:%lu %lu %lu %lu%n", name, &bytes, &packets, &errors, &dropped, &rest) == 5) {
        for (int i = 0; i < card_count; i++) {
            if (strcmp(cards[i].name, name) == 0) {
                struct tpacket_stats lost = {0};
                socklen_t size = sizeof lost;
                getsockopt(cards[i].wire_socket, SOL_PACKET, PACKET_STATISTICS, &lost, &size);
                cards[i].missed += lost.tp_drops;
                fprintf(out, "%s: %lu %lu %lu %lu%s", name, bytes, packets, errors, cards[i].missed, line + rest);
                return;
            }
        }
    }
    fputs(line, out);
}

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text);
    return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

static int open_any(const char *path, int flags, mode_t mode) {
    if (strcmp(path, "/dev/packet_shader") == 0) {
        load_from_environment();
        return loaded ? open_device() : system_open(path, flags, mode);
    }
    if (loaded && strcmp(path, "/proc/interrupts") == 0) {
        return table(path, write_interrupts);
    }
    if (loaded && strncmp(path, "/proc/", 6) == 0 && ends_with(path, "/net/dev")) {
        pthread_mutex_lock(&lock);
        int fd = table(path, write_interfaces);
        pthread_mutex_unlock(&lock);
        return fd;
    }
    return system_open(path, flags, mode);
}

/* ---- what takes the place of the C library's ---- */

int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return open_any(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return open_any(path, flags, mode);
}

int ioctl(int fd, unsigned long number, ...) {
    va_list arguments;
    va_start(arguments, number);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    if (fd < 0 || fd >= MAX_FD || contexts[fd] == NULL) {
        return (int) syscall(SYS_ioctl, fd, number, argument);
    }
    pthread_mutex_lock(&lock);
    int answer = request(contexts[fd], number, argument);
    pthread_mutex_unlock(&lock);
    return answer < 0 ? fail(-answer) : answer;
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
    if (fd < 0 || fd >= MAX_FD || contexts[fd] == NULL) {
        return system_mmap(address, length, protection, flags, fd, offset);
    }
    void *mapped = MAP_FAILED;
    pthread_mutex_lock(&lock);
    struct context *context = contexts[fd];
    int error = failure(FAIL_MMAP);
    if (error != 0) {
        errno = error;
    } else if (context->buffer_count == PS_MAX_BUFFERS) {
        errno = ENOMEM;
    } else if (offset != 0 || length % 4096 != 0) {
        errno = EINVAL;
    } else {
        mapped = system_mmap(NULL, length, protection, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (mapped != MAP_FAILED) {
            context->buffers[context->buffer_count++] = mapped;
        }
    }
    pthread_mutex_unlock(&lock);
    return mapped;
}

void *mmap64(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
    return mmap(address, length, protection, flags, fd, offset);
}

int munmap(void *address, size_t length) {
    if (all_count > 0) {
        pthread_mutex_lock(&lock);
        for (int i = 0; i < all_count; i++) {
            int buffer = find_buffer(all[i], address);
            if (buffer >= 0) {
                all[i]->buffers[buffer] = all[i]->buffers[--all[i]->buffer_count];
                release(all[i]);
                break;
            }
        }
        pthread_mutex_unlock(&lock);
    }
    return (int) syscall(SYS_munmap, address, length);
}

int close(int fd) {
    if (fd >= 0 && fd < MAX_FD && contexts[fd] != NULL) {
        pthread_mutex_lock(&lock);
        contexts[fd]->open = false;
        release(contexts[fd]);
        contexts[fd] = NULL;
        pthread_mutex_unlock(&lock);
    }
    return (int) syscall(SYS_close, fd);
}

/* ---- for tests in the same process ---- */

/* Loads the module with these cards; NULL unloads it. Nothing may be attached. */
void psio_standin_configure(const char *text) {
    pthread_mutex_lock(&lock);
    memset(failures, 0, sizeof failures);
    memset(calls, 0, sizeof calls);
    partial_sends = 0;
    tx_entries = 4096;
    tx_cleaned = 4096;
    if (text != NULL) {
        load(text);
    } else {
        unload();
    }
    pthread_mutex_unlock(&lock);
}

/* Has calls of a request, of open() (10) or mmap() (11) fail: after so many that do not, so many. */
void psio_standin_fail(int number, int error, int after, int times) {
    pthread_mutex_lock(&lock);
    failures[number].error = error;
    failures[number].after = after;
    failures[number].times = times;
    pthread_mutex_unlock(&lock);
}

/* Gives all cards transmit rings of so many entries, of which so many at a time are found sent. */
void psio_standin_transmit(int entries, int cleaned) {
    pthread_mutex_lock(&lock);
    tx_entries = (unsigned) entries;
    tx_cleaned = (unsigned) cleaned;
    pthread_mutex_unlock(&lock);
}

/* How often a request came. */
long psio_standin_calls(int number) {
    pthread_mutex_lock(&lock);
    long count = calls[number];
    pthread_mutex_unlock(&lock);
    return count;
}

/* How many sends took less than was offered. */
long psio_standin_partial_sends(void) {
    pthread_mutex_lock(&lock);
    long count = partial_sends;
    pthread_mutex_unlock(&lock);
    return count;
}
