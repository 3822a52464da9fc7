/* toy.py in C. TOY_BUG makes row 2, column 5 of probe 1 wrong; TOY_CRC32 makes it another model,
 * TOY_SINGLE one that rounds once. */
#include "tg_model.h"
#include "tg_trace.h"

#include <stddef.h>

#ifndef TOY_CRC32
#define TOY_CRC32 0xC0FFEE00u
#endif
#ifndef TOY_SINGLE
#define TOY_SINGLE 0
#endif
#ifndef TOY_BUG
#define TOY_BUG 0
#endif

void *memcpy(void *to, const void *from, size_t bytes);

enum { ROWS = 6, COLUMNS = 75, STRIDE = 80 };

static struct {
    uint8_t image[ROWS][COLUMNS]; /* input 0 and output 0 share their memory */
    uint8_t bias[ROWS];
    uint8_t a[2][STRIDE];
    uint8_t b[2 * COLUMNS];
    uint32_t state;
    uint8_t state_out[4];
} toy;

const tg_model_facts tg_model = {"toy", TOY_CRC32, 780, 2, 2, 3, TOY_SINGLE};

void tg_model_init(void) {
    tg_model_reset();
}

void tg_model_reset(void) {
    toy.state = 0;
}

tg_buffer tg_model_input(uint32_t index) {
    tg_buffer ports[2] = {{toy.image, sizeof toy.image}, {toy.bias, sizeof toy.bias}};
    return ports[index];
}

tg_buffer tg_model_output(uint32_t index) {
    tg_buffer ports[2] = {{toy.image, sizeof toy.image}, {toy.state_out, sizeof toy.state_out}};
    return ports[index];
}

void tg_model_invoke(void) {
    toy.state += 1u + toy.bias[0];
    for (int32_t r = 0; r < ROWS; r++) {
        uint8_t *a = toy.a[r % 2];
        for (int32_t c = 0; c < COLUMNS; c++) {
            a[c] = (uint8_t)(toy.image[r][c] * 3u + toy.bias[r] + toy.state);
        }
        tg_trace(0, toy.a, 2, STRIDE, COLUMNS, r, 1);
        for (int32_t c = 0; c < 2 * COLUMNS; c++) {
            toy.b[c] = (uint8_t)(a[c / 2] ^ c);
        }
        toy.b[5] ^= (uint8_t)(TOY_BUG && r == 2);
        tg_trace(1, toy.b, 1, 2 * COLUMNS, 2 * COLUMNS, r, 1);
        for (int32_t c = 0; c < COLUMNS; c++) {
            toy.image[r][c] = (uint8_t)(toy.b[2 * c] + toy.b[2 * c + 1]);
        }
    }
    tg_trace(2, toy.image, ROWS, COLUMNS, COLUMNS, 0, ROWS);
    for (uint32_t i = 0; i < 4; i++) {
        toy.state_out[i] = (uint8_t)((toy.state >> (8 * i)) & 255u);
    }
    memcpy(toy.bias, toy.b, sizeof toy.bias); /* an invoke overwrites its inputs */
}
