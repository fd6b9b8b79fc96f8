/* The functions of the C library that the stand-in takes the place of. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <time.h>
#include <unistd.h>

#include "standin.h"

enum { DESCRIPTORS = 1 << 16, MAPPINGS = 256, POLLED = 32 };

#define REAL(name) ((__typeof__(&name)) real(#name))

static void *real(const char *name) {
    return dlsym(RTLD_NEXT, name);
}

/* Which file each descriptor is of, from 1; 0 for those of others. */
static unsigned char file_of[DESCRIPTORS];

static struct {
    char *address;
    int file;
} mappings[MAPPINGS];

static int ours(int fd) {
    return fd >= 0 && fd < DESCRIPTORS ? file_of[fd] - 1 : NONE;
}

static int answer(int error) {
    if (error) {
        errno = error;
    }
    return error ? -1 : 0;
}

static int open_device(void) {
    if (state()->control.open_error) {
        return answer((int) state()->control.open_error);
    }
    lock();
    release_dead();
    int index = 0;
    while (index < FILES && state()->files[index].pid) {
        index++;
    }
    if (index == FILES) {
        unlock();
        return answer(ENOMEM);
    }
    struct file *file = &state()->files[index];
    memset(file, 0, sizeof *file);
    file->pid = getpid();
    file->open = true;
    file->port = NONE;
    int fd = wake_socket(index);
    file_of[fd] = (unsigned char) (index + 1);
    unlock();
    return fd;
}

int open(const char *path, int flags, ...) {
    if (!strcmp(path, NM_DEVICE)) {
        return open_device();
    }
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = va_arg(arguments, mode_t);
    va_end(arguments);
    return REAL(open)(path, flags, mode);
}

int close(int fd) {
    int index = ours(fd);
    if (index == NONE) {
        return REAL(close)(fd);
    }
    lock();
    file_of[fd] = 0;
    int result = REAL(close)(fd);
    state()->files[index].open = false;
    release_if_unused(index);
    unlock();
    return result;
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
    int index = ours(fd);
    if (index == NONE) {
        return REAL(mmap)(address, length, protection, flags, fd, offset);
    }
    void *result = MAP_FAILED;
    lock();
    struct file *file = &state()->files[index];
    int slot = 0;
    while (slot < MAPPINGS && mappings[slot].address) {
        slot++;
    }
    if (file->port == NONE || offset < 0 || offset + length > REGION_SIZE || slot == MAPPINGS) {
        errno = EINVAL;
    } else {
        long at = region_at(state()->ports[file->port].region) + offset;
        result = REAL(mmap)(address, length, protection, flags, state_file(), at);
    }
    if (result != MAP_FAILED) {
        mappings[slot].address = result;
        mappings[slot].file = index;
        file->maps++;
    }
    unlock();
    return result;
}

int munmap(void *address, size_t length) {
    char *begin = address;
    int result = REAL(munmap)(address, length);
    for (int i = 0; i < MAPPINGS; i++) {
        if (mappings[i].address && mappings[i].address >= begin && mappings[i].address < begin + length) {
            lock();
            mappings[i].address = NULL;
            state()->files[mappings[i].file].maps--;
            release_if_unused(mappings[i].file);
            unlock();
        }
    }
    return result;
}

static int control(int index, struct header *header) {
    if (state()->control.without_control) {
        return EOPNOTSUPP;
    }
    if (header->version < state()->control.oldest_api || header->version > NM_NEWEST_API) {
        return EINVAL;
    }
    header->name[sizeof header->name - 1] = 0;
    if (header->type != NM_REQUEST_REGISTER || header->options) {
        return EINVAL;
    }
    return bind_file(index, header->name, (struct registration *) (uintptr_t) header->body);
}

static int legacy(int index, struct legacy *legacy) {
    if (legacy->version < state()->control.oldest_api || legacy->command) {
        return EINVAL;
    }
    legacy->name[sizeof legacy->name - 1] = 0;
    char name[64];
    strcpy(name, legacy->name);
    struct registration request = {
        .tx_slots = legacy->tx_slots,
        .rx_slots = legacy->rx_slots,
        .ring = legacy->ring & 0xfff,
        .mode = legacy->flags & NM_MODE_MASK,
        .flags = legacy->flags & ~NM_MODE_MASK,
    };
    if (request.mode == NM_PIPE_MASTER || request.mode == NM_PIPE_SLAVE) {
        char number[8];
        int digits = 0;
        for (unsigned rest = request.ring; rest || !digits; rest /= 10) {
            number[digits++] = (char) ('0' + rest % 10);
        }
        size_t length = strlen(name);
        name[length++] = request.mode == NM_PIPE_MASTER ? '{' : '}';
        while (digits) {
            name[length++] = number[--digits];
        }
        name[length] = 0;
        request.mode = NM_ALL;
        request.ring = 0;
    }
    int error = bind_file(index, name, &request);
    legacy->offset = (uint32_t) request.offset;
    legacy->memory_size = (uint32_t) request.memory_size;
    legacy->tx_rings = request.tx_rings;
    legacy->rx_rings = request.rx_rings;
    return error;
}

static int device_request(int index, unsigned long number, void *argument) {
    switch (number) {
        case NM_CONTROL: return control(index, argument);
        case NM_REGISTER_LEGACY: return legacy(index, argument);
        case NM_TXSYNC: return sync_file(&state()->files[index], false);
        case NM_RXSYNC: return sync_file(&state()->files[index], true);
        default: return EOPNOTSUPP;
    }
}

static void describe_spread(struct ethtool_rxfh *spread) {
    enum { TABLE = 128 };
    if (spread->indir_size >= TABLE && spread->key_size >= sizeof hash_key) {
        for (uint32_t i = 0; i < TABLE; i++) {
            spread->rss_config[i] = i % CARD_RINGS;
        }
        memcpy(&spread->rss_config[TABLE], hash_key, sizeof hash_key);
    }
    spread->indir_size = TABLE;
    spread->key_size = sizeof hash_key;
    spread->hfunc = 1;
}

/* What the kernel says of the cards as network interfaces. */
static int interface_request(int card, unsigned long number, struct ifreq *request) {
    uint32_t link = state()->control.card[card];
    if (link == GONE) {
        return ENODEV;
    }
    switch (number) {
        case SIOCGIFINDEX: request->ifr_ifindex = 1000 + card; return 0;
        case SIOCGIFMTU: request->ifr_mtu = 1500; return 0;
        case SIOCGIFFLAGS: request->ifr_flags = link == UP ? IFF_UP | IFF_RUNNING : 0; return 0;
        case SIOCGIFHWADDR:
            memcpy(request->ifr_hwaddr.sa_data, (char[]) {2, 0, 0, 0, 0x77, (char) card}, 6);
            return 0;
        case SIOCETHTOOL:
            if (*(uint32_t *) request->ifr_data != ETHTOOL_GRSSH) {
                return EOPNOTSUPP;
            }
            describe_spread((struct ethtool_rxfh *) request->ifr_data);
            return 0;
        default: return EOPNOTSUPP;
    }
}

int ioctl(int fd, unsigned long number, ...) {
    va_list arguments;
    va_start(arguments, number);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    int index = ours(fd);
    if (index != NONE) {
        lock();
        int error = device_request(index, number, argument);
        unlock();
        return answer(error);
    }
    if (number == SIOCGIFINDEX || number == SIOCGIFMTU || number == SIOCGIFFLAGS || number == SIOCGIFHWADDR ||
        number == SIOCETHTOOL) {
        int card = card_number(((struct ifreq *) argument)->ifr_name);
        if (card != NONE) {
            return answer(interface_request(card, number, argument));
        }
    }
    return REAL(ioctl)(fd, number, argument);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* What is ready of ours; from then on they are woken. */
static int look(struct pollfd *fds, nfds_t count) {
    int ready = 0;
    lock();
    for (nfds_t i = 0; i < count; i++) {
        int index = ours(fds[i].fd);
        if (index != NONE) {
            fds[i].revents = (short) poll_file(&state()->files[index], fds[i].events);
            state()->files[index].waiting = true;
            ready += fds[i].revents != 0;
        }
    }
    unlock();
    return ready;
}

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask) {
    bool any = false;
    for (nfds_t i = 0; i < count; i++) {
        any |= ours(fds[i].fd) != NONE;
    }
    if (!any || count > POLLED) {
        return REAL(ppoll)(fds, count, timeout, mask);
    }
    int64_t end = timeout ? now() + timeout->tv_sec * 1000000000LL + timeout->tv_nsec : INT64_MAX;
    for (;;) {
        int ready = look(fds, count);
        struct pollfd really[POLLED];
        for (nfds_t i = 0; i < count; i++) {
            really[i] = (struct pollfd) {fds[i].fd, ours(fds[i].fd) == NONE ? fds[i].events : POLLIN, 0};
        }
        int64_t left = ready ? 0 : end - now();
        left = left < 0 ? 0 : left;
        struct timespec rest = {left / 1000000000LL, left % 1000000000LL};
        if (REAL(ppoll)(really, count, end == INT64_MAX && !ready ? NULL : &rest, mask) < 0) {
            return -1;
        }
        for (nfds_t i = 0; i < count; i++) {
            if (ours(fds[i].fd) == NONE) {
                fds[i].revents = really[i].revents;
                ready += fds[i].revents != 0;
            } else {
                char none;
                while (recv(fds[i].fd, &none, 1, MSG_DONTWAIT) >= 0) {
                }
            }
        }
        if (ready || now() >= end) {
            return ready;
        }
    }
}
