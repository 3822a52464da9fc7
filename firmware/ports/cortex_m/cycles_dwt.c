/* Cycles from the core's own counter: every real M3, M4, M7, M33 and M55; a board asks for it with TG_CYCLES_DWT. */
#ifdef TG_CYCLES_DWT

#include "tg_cortex_m.h"
#include "tg_port.h"

static uint32_t last;
static uint64_t cycles;

void tg_port_cycles_start(void) {
    TG_DEMCR |= 1u << 24; /* TRCENA */
    last = 0;
    cycles = 0;
    TG_DWT_CYCCNT = 0;
    TG_DWT_CTRL |= 1u; /* CYCCNTENA */
}

/* Exact while two calls are less than 2^32 cycles apart: 67 seconds at 64 MHz. */
uint64_t tg_port_cycles_now(void) {
    uint32_t now = TG_DWT_CYCCNT;
    cycles += (uint32_t)(now - last);
    last = now;
    return cycles;
}

uint64_t tg_port_cycles_stop(void) {
    TG_DWT_CTRL &= ~1u;
    return tg_port_cycles_now();
}

#else
typedef int tg_cycles_dwt_unused;
#endif
