/* The file that all programs share, and how they wake each other. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "standin.h"

static struct state *shared;
static int shared_file = -1;
static int sender = -1;
static unsigned long identity;
static pthread_once_t once = PTHREAD_ONCE_INIT;

long region_at(int region) {
    long first = (sizeof(struct state) + 0xffff) & ~0xffffL;
    return first + (long) region * REGION_SIZE;
}

static void fail(const char *what) {
    fprintf(stderr, "netmap stand-in: %s: %s\n", what, strerror(errno));
    abort();
}

static void set_up(void) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&shared->lock, &attributes);
    for (int i = 0; i < FILES; i++) {
        shared->files[i].port = NONE;
    }
    shared->control.oldest_api = NM_OLDEST_API;
    shared->control.ready = 1;
}

static void attach(void) {
    const char *path = getenv("NETMAP_STANDIN");
    if (!path) {
        errno = ENOENT;
        fail("NETMAP_STANDIN");
    }
    shared_file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    struct stat status;
    if (shared_file < 0 || flock(shared_file, LOCK_EX) || ftruncate(shared_file, region_at(PORTS)) ||
        fstat(shared_file, &status)) {
        fail(path);
    }
    identity = (unsigned long) status.st_ino;
    shared = mmap(NULL, region_at(PORTS), PROT_READ | PROT_WRITE, MAP_SHARED, shared_file, 0);
    if (shared == MAP_FAILED) {
        fail("mmap");
    }
    if (!shared->control.ready) {
        set_up();
    }
    flock(shared_file, LOCK_UN);
    sender = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

struct state *state(void) {
    pthread_once(&once, attach);
    return shared;
}

int state_file(void) {
    state();
    return shared_file;
}

char *region_memory(int region) {
    return (char *) state() + region_at(region);
}

void lock(void) {
    if (pthread_mutex_lock(&state()->lock) == EOWNERDEAD) {
        pthread_mutex_consistent(&shared->lock);
    }
}

void unlock(void) {
    pthread_mutex_unlock(&shared->lock);
}

static socklen_t address(struct sockaddr_un *to, int file) {
    memset(to, 0, sizeof *to);
    to->sun_family = AF_UNIX;
    int length = snprintf(to->sun_path + 1, sizeof to->sun_path - 1, "netmap-%lx-%d", identity, file);
    return offsetof(struct sockaddr_un, sun_path) + 1 + length;
}

/* What a file is polled by: others send to it. */
int wake_socket(int file) {
    state();
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct sockaddr_un own;
    socklen_t length = address(&own, file);
    if (fd < 0 || bind(fd, (struct sockaddr *) &own, length)) {
        fail("socket");
    }
    return fd;
}

/* Wakes who waits for this port. */
void notify(int port) {
    for (int i = 0; i < FILES; i++) {
        struct file *file = &shared->files[i];
        if (file->port == port && file->waiting) {
            file->waiting = false;
            struct sockaddr_un to;
            socklen_t length = address(&to, i);
            sendto(sender, "", 1, MSG_DONTWAIT, (struct sockaddr *) &to, length);
        }
    }
}
