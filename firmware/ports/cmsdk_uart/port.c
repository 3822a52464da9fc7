/* Arm's CMSDK APB UART, as on the MPS2 and MPS3 boards (Cortex-M System Design Kit Technical Reference Manual). */
#include "tg_cortex_m.h"
#include "tg_port.h"

#define UART_DATA TG_REG(TG_UART_BASE + 0x00u)
#define UART_STATE TG_REG(TG_UART_BASE + 0x04u) /* bit 0: transmitter full, bit 1: a byte has arrived */
#define UART_CTRL TG_REG(TG_UART_BASE + 0x08u)
#define UART_BAUDDIV TG_REG(TG_UART_BASE + 0x10u)

void tg_port_init(void) {
    UART_BAUDDIV = TG_CLOCK_HZ / TG_SERIAL_BAUD < 16u ? 16u : TG_CLOCK_HZ / TG_SERIAL_BAUD;
    UART_CTRL = 3;   /* transmitter and receiver on */
    (void)UART_DATA; /* drops a stale byte; and QEMU looks for input at once, not at its next second */
}

int tg_port_read(uint8_t *byte) {
    while ((UART_STATE & 2u) == 0) {
    }
    *byte = (uint8_t)UART_DATA;
    return 1;
}

void tg_port_write(const uint8_t *data, uint32_t bytes) {
    for (uint32_t i = 0; i < bytes; i++) {
        while ((UART_STATE & 1u) != 0) {
        }
        UART_DATA = data[i];
    }
}
