/* A PC process as a board: the link is stdin and stdout, a cycle is a nanosecond of the monotonic clock. */
#define _POSIX_C_SOURCE 199309L
#include "tg_port.h"

#include <stdio.h>
#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#include <windows.h>
#else
#include <time.h>
#endif

static uint64_t started;

static uint64_t nanoseconds(void) {
#ifdef _WIN32
    LARGE_INTEGER count, per_second;
    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&per_second);
    return (uint64_t)((double)count.QuadPart * 1e9 / (double)per_second.QuadPart);
#else
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
#endif
}

void tg_port_init(void) {
#ifdef _WIN32
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
#endif
}

int tg_port_read(uint8_t *byte) {
    fflush(stdout); /* only here, where the other side may be waiting for it */
    int next = getchar();
    *byte = (uint8_t)next;
    return next != EOF;
}

void tg_port_write(const uint8_t *data, uint32_t bytes) {
    fwrite(data, 1, bytes, stdout);
}

void tg_port_cycles_start(void) {
    started = nanoseconds();
}

uint64_t tg_port_cycles_now(void) {
    return nanoseconds() - started;
}

uint64_t tg_port_cycles_stop(void) {
    return tg_port_cycles_now();
}

uint32_t tg_port_stack_used(void) {
    return 0;
}
