/* All that the harness needs of a chip or a PC; firmware/ports/<port>/ implements it. */
#ifndef TG_PORT_H
#define TG_PORT_H

#include <stdint.h>

/* Clocks, pins and the serial line. */
void tg_port_init(void);

/* Waits for the next byte and returns 1; 0 when the link is closed for good, which only a process can know.
 * Bytes that came while nobody read may be lost, but later ones must still come. */
int tg_port_read(uint8_t *byte);

/* Returns when all bytes are handed over: `data` may change afterwards. */
void tg_port_write(const uint8_t *data, uint32_t bytes);

/* Counts core cycles, or the port's nearest thing, from 0. */
void tg_port_cycles_start(void);

/* Cycles since the start; the counter stands still afterwards. */
uint64_t tg_port_cycles_stop(void);

/* Cycles since the start; the counter goes on. */
uint64_t tg_port_cycles_now(void);

/* The most bytes of stack that were in use at a time since the chip started; 0 where it is not known. */
uint32_t tg_port_stack_used(void);

#endif
