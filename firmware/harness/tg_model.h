/* All that the harness needs of a model; the generated glue implements it. */
#ifndef TG_MODEL_H
#define TG_MODEL_H

#include <stdint.h>

/* One input or output. */
typedef struct {
    void *data;     /* its first byte */
    uint32_t bytes; /* its size */
} tg_buffer;

/* What identifies a model, and how much of everything it has. */
typedef struct {
    const char *name;     /* C identifier */
    uint32_t crc32;       /* of the model, so that firmware of another one is refused */
    uint32_t arena_bytes; /* RAM of its activations */
    uint32_t inputs;      /* count; at most 65535 */
    uint32_t outputs;     /* count; at most 65535 */
    uint32_t probes;      /* count of the numbers that tg_trace is called with, from 0 */
    uint8_t single;       /* 1: rounds once, TG_ROUNDING_SINGLE; 0: twice */
} tg_model_facts;

extern const tg_model_facts tg_model;

void tg_model_init(void);                  /* before anything else; again at every HELLO */
void tg_model_reset(void);                 /* clears the state that lasts from invoke to invoke */
void tg_model_invoke(void);                /* inputs -> outputs; may overwrite the inputs */
tg_buffer tg_model_input(uint32_t index);  /* index < tg_model.inputs */
tg_buffer tg_model_output(uint32_t index); /* index < tg_model.outputs */

#endif
