/* From reset to main() on any Cortex-M: vectors, FPU or MVE, .data, .bss; and a fault handler that speaks. */
#include <stdint.h>

#include "tg_cortex_m.h"
#include "tg_port.h"

#define TG_STACK_PAINT 0xA5C35A3Cu /* no address and no small number */

typedef void (*tg_vector)(void);

extern uint32_t tg_data_load[], tg_data_start[], tg_data_end[], tg_bss_start[], tg_bss_end[]; /* firmware.ld */
extern uint32_t tg_stack_start[], tg_stack_end[];

int main(void);
void Reset_Handler(void);
void tg_start(void);
void tg_fault_handler(void);
void SysTick_Handler(void);

__attribute__((weak)) void SysTick_Handler(void) {}

static void put_hex(char *text, uint32_t value) {
    for (int digit = 0; digit < 8; digit++)
        text[digit] = "0123456789abcdef"[(value >> (28 - 4 * digit)) & 15u];
}

/* Tells the host in plain text, between two frame ends; when the host speaks again the chip restarts. */
__attribute__((used)) static void tg_fault(const uint32_t *frame) {
    char text[] = "\0tinygen: fault at 0x00000000, status 0x00000000\n";
    uint32_t sp = (uint32_t)(uintptr_t)frame;
    uint32_t status = TG_SCB_CFSR; /* 0 on an M0 */
    /* There is no frame to read when pushing it was what failed: STKOF, STKERR, MSTKERR. */
    if ((status & 0x00101010u) == 0 && sp >= (uint32_t)(uintptr_t)tg_stack_start &&
        sp + 32u <= (uint32_t)(uintptr_t)tg_stack_end)
        put_hex(text + 21, frame[6]);
    put_hex(text + 40, status);
    tg_port_write((const uint8_t *)text, sizeof(text));
    uint8_t byte;
    (void)tg_port_read(&byte);
    TG_SCB_AIRCR = 0x05FA0004u; /* SYSRESETREQ */
    for (;;) {
    }
}

/* The stack pointer at entry is the exception frame. With less than 256 bytes left the stack starts over at its top. */
__attribute__((naked)) void tg_fault_handler(void) {
    __asm__ volatile("mrs r0, msp\n"
                     "ldr r1, =tg_stack_start + 256\n"
                     "cmp r0, r1\n"
                     "bhs 1f\n"
                     "ldr r1, =tg_stack_end\n"
                     "msr msp, r1\n"
                     "1: ldr r1, =tg_fault\n"
                     "bx r1\n"
                     ".ltorg\n");
}

__attribute__((section(".vectors"), used)) static const tg_vector tg_vectors[16] = {
    (tg_vector)(uintptr_t)tg_stack_end,
    Reset_Handler,
    tg_fault_handler, /* NMI */
    tg_fault_handler, /* HardFault */
    tg_fault_handler, /* MemManage */
    tg_fault_handler, /* BusFault */
    tg_fault_handler, /* UsageFault */
    tg_fault_handler, /* SecureFault */
    0,
    0,
    0,
    tg_fault_handler, /* SVCall */
    tg_fault_handler, /* DebugMonitor */
    0,
    tg_fault_handler, /* PendSV */
    SysTick_Handler,
};

/* What is below the stack pointer belongs to nobody: no interrupt is on yet. */
static void paint_stack(void) {
    uint32_t sp;
    __asm__ volatile("mov %0, sp" : "=r"(sp));
    for (volatile uint32_t *to = tg_stack_start; (uint32_t)(uintptr_t)to < sp; to++)
        *to = TG_STACK_PAINT;
}

uint32_t tg_port_stack_used(void) {
    const volatile uint32_t *word = tg_stack_start;
    while (word < tg_stack_end && *word == TG_STACK_PAINT)
        word++;
    return 4u * (uint32_t)(tg_stack_end - word);
}

__attribute__((noinline)) void tg_start(void) {
    paint_stack();
    const uint32_t *from = tg_data_load;
    for (volatile uint32_t *to = tg_data_start; to < tg_data_end; to++)
        *to = *from++;
    for (volatile uint32_t *to = tg_bss_start; to < tg_bss_end; to++)
        *to = 0;
    (void)main();
    for (;;) {
    }
}

/* A bootloader may have left interrupts on and the vector table its own. Nothing here may touch an FPU register. */
void Reset_Handler(void) {
    for (uint32_t bank = 0; bank < 8; bank++)
        TG_NVIC_ICER(bank) = 0xFFFFFFFFu;
    TG_SCB_VTOR = (uint32_t)(uintptr_t)tg_vectors;
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
    TG_SCB_CPACR |= 0xFu << 20; /* CP10 and CP11: full access */
#endif
#if defined(__ARM_ARCH_8_1M_MAIN__)
    TG_SCB_CCR |= 1u << 19; /* LOB: low-overhead loops */
#endif
#if defined(__ARM_ARCH_8M_MAIN__) || defined(__ARM_ARCH_8_1M_MAIN__)
    __asm__ volatile("msr msplim, %0" : : "r"(tg_stack_start));
#endif
    __asm__ volatile("dsb\n isb\n cpsie i" : : : "memory");
    tg_start();
}
