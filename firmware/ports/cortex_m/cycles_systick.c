/* Cycles from SysTick, 24 bits and an interrupt at each wrap: for M0 and M0+, and for QEMU, where CYCCNT reads 0. */
#ifndef TG_CYCLES_DWT

#include "tg_cortex_m.h"
#include "tg_port.h"

#define TG_SYSTICK_PERIOD 0x1000000u

void SysTick_Handler(void);

static volatile uint32_t wraps;

void SysTick_Handler(void) {
    wraps++;
}

void tg_port_cycles_start(void) {
    TG_SYST_CSR = 0;
    TG_SYST_RVR = TG_SYSTICK_PERIOD - 1u;
    TG_SYST_CVR = 0;
    TG_SCB_ICSR = 1u << 25; /* PENDSTCLR */
    wraps = 0;
    TG_SYST_CSR = 7; /* the core's clock, with interrupt, on */
}

static uint64_t ticks(void) {
    uint32_t before, value;
    do {
        before = wraps;
        value = TG_SYST_CVR;
    } while (before != wraps);
    /* The counter reads 0 for one tick before it reloads. */
    return (uint64_t)before * TG_SYSTICK_PERIOD + ((TG_SYSTICK_PERIOD - value) & (TG_SYSTICK_PERIOD - 1u));
}

uint64_t tg_port_cycles_now(void) {
#ifdef TG_ICOUNT_SHIFT
    /* QEMU's clock runs 2^shift ns per instruction: turn the board's ticks back into instructions. */
    return ticks() * (1000000000ull >> 6) / (((uint64_t)TG_CLOCK_HZ << TG_ICOUNT_SHIFT) >> 6);
#else
    return ticks();
#endif
}

uint64_t tg_port_cycles_stop(void) {
    uint64_t cycles = tg_port_cycles_now();
    TG_SYST_CSR = 0;
    return cycles;
}

#else
typedef int tg_cycles_systick_unused;
#endif
