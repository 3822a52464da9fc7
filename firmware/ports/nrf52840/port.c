/* nRF52840: UARTE0 by EasyDMA, one byte a transfer in, 64 out (Product Specification, chapters UARTE, CLOCK, NVMC). */
#include "nrf52840.h"
#include "tg_port.h"

static volatile uint8_t received;
static uint8_t outgoing[64]; /* EasyDMA reads RAM only, and what is sent may lie in flash */

void tg_port_init(void) {
    CLOCK_HFCLKSTARTED = 0;
    CLOCK_HFCLKSTART = 1; /* the crystal: the RC oscillator is too inexact for a UART at 1 Mbaud */
    while (CLOCK_HFCLKSTARTED == 0) {
    }
    NVMC_ICACHECNF = 1;
    UARTE_ENABLE = 0;                                             /* a bootloader may have used it */
    GPIO(TG_UART_TX, 0x508u) = 1u << (TG_UART_TX % 32u);          /* OUTSET: an idle line is high */
    GPIO(TG_UART_TX, 0x518u) = 1u << (TG_UART_TX % 32u);          /* DIRSET */
    GPIO(TG_UART_RX, 0x700u + 4u * (TG_UART_RX % 32u)) = 3u << 2; /* input with pull-up */
    UARTE_PSEL_TXD = TG_UART_TX;
    UARTE_PSEL_RXD = TG_UART_RX;
    UARTE_BAUDRATE = BAUDRATE;
    UARTE_ENABLE = 8;
    UARTE_RXD_PTR = (uint32_t)(uintptr_t)&received;
    UARTE_RXD_MAXCNT = 1;
    UARTE_ENDRX = 0;
    UARTE_STARTRX = 1;
}

/* The receiver stays on between two transfers and holds what arrives meanwhile in its own FIFO. */
int tg_port_read(uint8_t *byte) {
    while (UARTE_ENDRX == 0) {
    }
    UARTE_ENDRX = 0;
    *byte = received;
    UARTE_STARTRX = 1;
    return 1;
}

void tg_port_write(const uint8_t *data, uint32_t bytes) {
    while (bytes > 0) {
        uint32_t count = bytes < sizeof(outgoing) ? bytes : (uint32_t)sizeof(outgoing);
        for (uint32_t i = 0; i < count; i++)
            outgoing[i] = data[i];
        UARTE_TXD_PTR = (uint32_t)(uintptr_t)outgoing;
        UARTE_TXD_MAXCNT = count;
        UARTE_ENDTX = 0;
        __asm__ volatile("dmb" : : : "memory"); /* the bytes are in RAM before the DMA starts */
        UARTE_STARTTX = 1;
        while (UARTE_ENDTX == 0) {
        }
        data += count;
        bytes -= count;
    }
}
