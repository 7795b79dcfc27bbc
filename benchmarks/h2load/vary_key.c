/*
 * h2load sends one body, and a thousand calls for one key are one read of the store. It reads that body with pread() for every
 * request; preloaded into h2load, this puts another key there each time: the last VARY_DIGITS characters of the body become a
 * random number, its first digit as it is in the file.
 *
 *   cc -O2 -shared -fPIC -o vary_key.so vary_key.c
 *   VARY_DIGITS=6 LD_PRELOAD=./vary_key.so h2load -d body …
 */
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static __thread uint64_t state;

static uint64_t next_random(void) {
    if (state == 0) {
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        state = ((uint64_t) now.tv_nsec << 20) ^ (uint64_t) getpid() ^ 0x9E3779B97F4A7C15u;
    }
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

ssize_t pread(int fd, void *buffer, size_t size, off_t offset) {
    static int digits = -1;
    if (digits < 0) {
        const char *wanted = getenv("VARY_DIGITS");
        digits = wanted == NULL ? 0 : atoi(wanted);
    }
    ssize_t read = syscall(SYS_pread64, fd, buffer, size, offset);
    if (read >= digits) {
        char *end = (char *) buffer + read;
        uint64_t random = next_random();
        for (int i = 1; i < digits; i++) {
            *--end = (char) ('0' + random % 10);
            random /= 10;
        }
    }
    return read;
}

ssize_t pread64(int fd, void *buffer, size_t size, off_t offset) {
    return pread(fd, buffer, size, offset);
}
