/* Firmware for the emulators' tests: MODE says what it does. */
#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define UARTE(offset) REG(0x40002000u + (offset))

enum {
    ECHO = 1,
    LEGACY,
    MEASURE,
    READ,
    WRITE,
    JUMP,
    UNDEFINED,
    STUCK,
    FLASH_DMA,
    PERIPHERAL,
    SPIN,
    SLEEP,
    RESET,
    KNOWN,
    FAULT_LATER
};

extern uint32_t stack_end[];
void Reset_Handler(void);
void work(uint32_t rounds);
void break_down(void);
void window_open(void);
void window_close(void);
void stop_here(void);
void known_window(void);

__attribute__((section(".vectors"), used)) static void *const vectors[16] = {stack_end, (void *)Reset_Handler};

static uint8_t buffer[64];
static int8_t samples[64], weights[64];
volatile uint32_t measured;
volatile int32_t sums[8];
static volatile uint32_t starts;

static void uart_init(void) {
    REG(0x40000100u) = 0;
    REG(0x40000000u) = 1; /* HFCLKSTART */
    while (REG(0x40000100u) == 0) {
    }
    UARTE(0x500u) = MODE == LEGACY ? 4 : 8;
    UARTE(0x534u) = (uint32_t)(uintptr_t)buffer;
    UARTE(0x538u) = 1;
    UARTE(0x000u) = 1;
    if (MODE == LEGACY)
        UARTE(0x008u) = 1;
}

static uint8_t uart_read(void) {
    if (MODE == LEGACY) {
        while (UARTE(0x108u) == 0) {
        }
        UARTE(0x108u) = 0;
        return (uint8_t)UARTE(0x518u);
    }
    while (UARTE(0x110u) == 0) {
    }
    UARTE(0x110u) = 0;
    uint8_t byte = buffer[0];
    UARTE(0x000u) = 1;
    return byte;
}

static void uart_write(const void *data, uint32_t bytes) {
    if (MODE == LEGACY) {
        for (uint32_t i = 0; i < bytes; i++) {
            UARTE(0x11Cu) = 0;
            UARTE(0x51Cu) = ((const uint8_t *)data)[i];
            while (UARTE(0x11Cu) == 0) {
            }
        }
        return;
    }
    UARTE(0x544u) = (uint32_t)(uintptr_t)data;
    UARTE(0x548u) = bytes;
    UARTE(0x120u) = 0;
    __asm__ volatile("dmb" : : : "memory");
    UARTE(0x008u) = 1;
    while (UARTE(0x120u) == 0) {
    }
}

/* Both windows have the same three instructions up to their store, so that counts from entry to entry are equal to
 * counts from store to store. */
__attribute__((naked, noinline)) void window_open(void) {
    __asm__ volatile("ldr r0, =0xE0001000\n movs r1, #1\n str r1, [r0]\n bx lr\n .ltorg");
}
__attribute__((naked, noinline)) void window_close(void) {
    __asm__ volatile("ldr r0, =0xE0001000\n movs r1, #0\n str r1, [r0]\n bx lr\n .ltorg");
}

/* Loops, products, tests, a division and floats: what a model's kernels are made of. */
__attribute__((noinline)) void work(uint32_t rounds) {
    for (uint32_t round = 0; round < rounds; round++) {
        for (uint32_t channel = 0; channel < 8; channel++) {
            int32_t sum = sums[channel];
            for (uint32_t i = 0; i < 64; i++)
                sum += samples[i] * weights[(i + channel) & 63u];
            if (sum > 4000)
                sum -= sum / ((int32_t)channel + 3);
            int64_t wide = (int64_t)sum * 0x40001234;
            sum = (int32_t)(wide >> 31);
            sums[channel] = sum < -128 ? -128 : sum > 127 ? 127 : sum;
            samples[channel] = (int8_t)(samples[channel] + (int8_t)((float)sum * 0.25f));
        }
    }
}

/* 1 + 1000 * 8 + 1 instructions from store to store; a 32-bit one lies across the end of a page, where translators
 * split blocks. Cycles: 1 + 1000 * (2 + 1 + 1 + 0 + 1 + 1 + 1 + 1) + 999 * 2 + 1. */
__asm__(".syntax unified\n .text\n .balign 4096\n .skip 4064\n"
        ".thumb_func\n .global known_window\n .type known_window, %function\n"
        "known_window:\n"
        "push {r4, r5}\n movw r0, #0x1000\n movt r0, #0xE000\n movs r1, #1\n movs r2, #0\n str r1, [r0]\n"
        "movw r3, #1000\n"
        "1: ldr r4, [sp]\n ldr r5, [sp]\n cmp r4, r5\n it eq\n addeq r4, #1\n nop.w\n subs r3, #1\n bne 1b\n"
        "str r2, [r0]\n pop {r4, r5}\n bx lr\n");

__attribute__((naked, noinline)) void stop_here(void) {
    __asm__ volatile("movs r0, #0x18\n ldr r1, =0x20026\n bkpt 0xAB\n b .\n .ltorg");
}

__attribute__((noinline)) void break_down(void) {
    if (MODE == READ)
        (void)REG(0x30000000u);
    if (MODE == WRITE)
        REG(0x00010000u) = 1;
    if (MODE == JUMP)
        ((void (*)(void))(uintptr_t)0x60000001u)();
    if (MODE == UNDEFINED)
        __asm__ volatile("udf #0");
    if (MODE == STUCK)
        __asm__ volatile("b .");
    if (MODE == FLASH_DMA)
        uart_write(vectors, 4);
    if (MODE == PERIPHERAL)
        (void)REG(0x40027500u); /* USBD */
}

static void measure(void) {
    for (uint32_t i = 0; i < 64; i++) {
        samples[i] = (int8_t)(i * 37u);
        weights[i] = (int8_t)(i * 91u + 5u);
    }
    REG(0xE000EDFCu) = 1u << 24; /* TRCENA */
    REG(0xE0001004u) = 0;
    window_open();
    work(20);
    window_close();
    measured = REG(0xE0001004u);
}

void Reset_Handler(void) {
    REG(0xE000ED88u) |= 0xFu << 20; /* CPACR: FPU */
    __asm__ volatile("dsb\n isb");
    if (MODE == MEASURE) {
        measure();
        stop_here();
    }
    if (MODE == KNOWN) {
        REG(0xE000EDFCu) = 1u << 24;
        known_window();
        stop_here();
    }
    if (MODE == RESET) {
        if (starts++ == 0)
            REG(0xE000ED0Cu) = 0x05FA0004u;
    }
    uart_init();
    break_down();
    if (MODE == RESET)
        uart_write((const void *)&starts, 4);
    while (MODE == SPIN)
        REG(0x50000508u) = 1;
    while (MODE == SLEEP)
        __asm__ volatile("wfe\n wfi");
    for (;;) {
        uint8_t byte = uart_read();
        if (MODE == FAULT_LATER)
            (void)REG(0x30000000u);
        if (byte == 'm') { /* measures, and tells what it counted itself */
            measure();
            buffer[32] = (uint8_t)measured;
            buffer[33] = (uint8_t)(measured >> 8);
            buffer[34] = (uint8_t)(measured >> 16);
            buffer[35] = (uint8_t)(measured >> 24);
            uart_write(buffer + 32, 4);
        } else {
            buffer[32] = byte;
            uart_write(buffer + 32, 1);
        }
    }
}
