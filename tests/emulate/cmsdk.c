/* Firmware for QEMU's MPS2 machines: echoes a byte; for 't' it tells how many SysTick ticks a loop took. */
#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define UART_DATA REG(0x40004000u)
#define UART_STATE REG(0x40004004u)
#define UART_CTRL REG(0x40004008u)
#define UART_BAUDDIV REG(0x40004010u)

extern uint32_t stack_end[];
void Reset_Handler(void);

__attribute__((section(".vectors"), used)) static void *const vectors[16] = {stack_end, (void *)Reset_Handler};

static uint32_t loop_ticks(void) {
    REG(0xE000E014u) = 0xFFFFFFu;
    REG(0xE000E018u) = 0;
    REG(0xE000E010u) = 5;
    for (uint32_t i = 0; i < 1000; i++)
        __asm__ volatile("nop");
    return 0xFFFFFFu - REG(0xE000E018u);
}

static void put(uint32_t byte) {
    while (UART_STATE & 1u) {
    }
    UART_DATA = byte & 0xFFu;
}

void Reset_Handler(void) {
    UART_BAUDDIV = 16;
    UART_CTRL = 3;
    for (;;) {
        while ((UART_STATE & 2u) == 0) {
        }
        uint32_t byte = UART_DATA;
        if (byte == 't') {
            uint32_t ticks = loop_ticks();
            for (uint32_t i = 0; i < 4; i++)
                put(ticks >> 8 * i);
        } else {
            put(byte);
        }
    }
}
