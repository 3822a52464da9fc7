/* The nRF52840 registers that the port uses (Product Specification, chapters CLOCK, NVMC, UARTE, GPIO). */
#ifndef TG_NRF52840_H
#define TG_NRF52840_H

#include "tg_cortex_m.h"

#define CLOCK_HFCLKSTART TG_REG(0x40000000u)
#define CLOCK_HFCLKSTARTED TG_REG(0x40000100u)
#define NVMC_ICACHECNF TG_REG(0x4001E540u)
#define UARTE(offset) TG_REG(0x40002000u + (offset))
#define UARTE_STARTRX UARTE(0x000u)
#define UARTE_STARTTX UARTE(0x008u)
#define UARTE_ENDRX UARTE(0x110u)
#define UARTE_ENDTX UARTE(0x120u)
#define UARTE_ENABLE UARTE(0x500u)
#define UARTE_PSEL_TXD UARTE(0x50Cu)
#define UARTE_PSEL_RXD UARTE(0x514u)
#define UARTE_BAUDRATE UARTE(0x524u)
#define UARTE_RXD_PTR UARTE(0x534u)
#define UARTE_RXD_MAXCNT UARTE(0x538u)
#define UARTE_TXD_PTR UARTE(0x544u)
#define UARTE_TXD_MAXCNT UARTE(0x548u)
/* Pins are numbered 32 * port + pin, as in PSEL. */
#define GPIO(pin, offset) TG_REG(0x50000000u + 0x300u * ((pin) / 32u) + (offset))

#if TG_SERIAL_BAUD == 115200
#define BAUDRATE 0x01D60000u
#elif TG_SERIAL_BAUD == 230400
#define BAUDRATE 0x03B00000u
#elif TG_SERIAL_BAUD == 460800
#define BAUDRATE 0x07400000u
#elif TG_SERIAL_BAUD == 921600
#define BAUDRATE 0x0F000000u
#elif TG_SERIAL_BAUD == 1000000
#define BAUDRATE 0x10000000u
#else
#error "serial_baud of an nRF52840 is 115200, 230400, 460800, 921600 or 1000000"
#endif

#endif
