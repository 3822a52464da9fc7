/* nRF51's UART, byte by byte; its receiver keeps six bytes (nRF51 Series Reference Manual, UART). */
#include "tg_cortex_m.h"
#include "tg_port.h"

#define UART(offset) TG_REG(0x40002000u + (offset))
#define UART_STARTRX UART(0x000u)
#define UART_STARTTX UART(0x008u)
#define UART_RXDRDY UART(0x108u)
#define UART_TXDRDY UART(0x11Cu)
#define UART_ENABLE UART(0x500u)
#define UART_PSELTXD UART(0x50Cu)
#define UART_PSELRXD UART(0x514u)
#define UART_RXD UART(0x518u)
#define UART_TXD UART(0x51Cu)
#define UART_BAUDRATE UART(0x524u)
#define GPIO_OUTSET TG_REG(0x50000508u)
#define GPIO_DIRSET TG_REG(0x50000518u)

void tg_port_init(void) {
    GPIO_OUTSET = 1u << TG_UART_TX; /* an idle line is high */
    GPIO_DIRSET = 1u << TG_UART_TX;
    UART_PSELTXD = TG_UART_TX;
    UART_PSELRXD = TG_UART_RX;
    /* baud * 2^32 / 16 MHz; the register takes multiples of 0x1000 */
    UART_BAUDRATE = (uint32_t)((((uint64_t)TG_SERIAL_BAUD << 32) / 16000000u + 0x800u) & 0xFFFFF000u);
    UART_ENABLE = 4;
    UART_STARTRX = 1;
    UART_STARTTX = 1;
    UART_RXDRDY = 0;
}

int tg_port_read(uint8_t *byte) {
    while (UART_RXDRDY == 0) {
    }
    UART_RXDRDY = 0;
    *byte = (uint8_t)UART_RXD;
    return 1;
}

void tg_port_write(const uint8_t *data, uint32_t bytes) {
    for (uint32_t i = 0; i < bytes; i++) {
        UART_TXDRDY = 0;
        UART_TXD = data[i];
        while (UART_TXDRDY == 0) {
        }
    }
}
