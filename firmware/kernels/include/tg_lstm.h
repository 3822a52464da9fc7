/* What the kernels of an LSTM share: how its sequence lies, and how 16-bit gates make a cell and a hidden state. */
#ifndef TG_LSTM_H
#define TG_LSTM_H

#include "tg_common.h"

typedef struct {
    int32_t batches;
    int32_t times;
    int32_t depth;      /* of an input vector */
    int32_t units;      /* of a cell */
    int32_t outputs;    /* of a hidden state */
    int32_t batch_step; /* vectors from one batch to the next */
    int32_t time_step;  /* vectors from one time to the next */
} tg_lstm_sequence;

typedef struct {
    const uint16_t *sigmoid; /* [256], Q0.16: sigmoid(i / 24) */
    tg_requant forget;       /* from forget gate * cell to the cell */
    tg_requant update;       /* from input gate * cell gate to the cell */
    tg_requant hidden;       /* from output gate * tanh(cell) to the hidden state */
    int32_t cell_shift;      /* fraction bits of the cell, less 12 */
    int32_t cell_clip;       /* the largest magnitude of a cell; 32768 for no limit */
    int32_t hidden_zero_point;
    int32_t hidden_min;
    int32_t hidden_max;
} tg_lstm_update;

static inline int32_t tg_lstm_clamp(int32_t x) {
    return tg_clamp(x, -32768, 32767);
}

/* sigmoid(magnitude / 24 / 2**bits) in Q0.(16 + bits); magnitude / 2**bits < 255. */
static inline int32_t tg_lstm_table(const uint16_t *table, uint32_t magnitude, int bits) {
    const uint16_t *entry = table + (magnitude >> bits);
    return (entry[0] << bits) + (int32_t)(magnitude & ((1u << bits) - 1u)) * (entry[1] - entry[0]);
}

/* 1 / (1 + exp(-x)) from Q3.12 to Q0.15. */
static inline int32_t tg_lstm_sigmoid(const uint16_t *table, int32_t x) {
    const uint32_t magnitude = (uint32_t)(x < 0 ? -x : x) * 3u;
    const int32_t result = magnitude >> 9 >= 255 ? 0x7fff << 10 : tg_lstm_table(table, magnitude, 9);
    return (x < 0 ? (1 << 25) - result + (1 << 9) - 1 : result + (1 << 9)) >> 10;
}

/* tanh(x) from a fixed point with shift + 12 fraction bits, shift -12 .. 12, to Q0.15; |x| <= 2**15. */
static inline int32_t tg_lstm_tanh(const uint16_t *table, int32_t x, int32_t shift) {
    const int32_t scaled = shift > 0 ? (x * 3 + (1 << (shift - 1))) >> shift : x * (3 << -shift);
    const uint32_t magnitude = (uint32_t)(scaled < 0 ? -scaled : scaled);
    const int32_t result = (magnitude >> 8 >= 255 ? 0xffff << 8 : tg_lstm_table(table, magnitude, 8)) - (1 << 23);
    return ((scaled < 0 ? -result - 1 : result) + (1 << 7)) >> 8;
}

/* Brings one cell up to date and returns its stored hidden state; the arguments are what goes into the gates, Q3.12. */
static inline int32_t tg_lstm_next(const tg_lstm_update *p, int32_t input, int32_t forget, int32_t gate, int32_t output,
                                   int16_t *cell) {
    /* products of two int16: < 2**31 */
    const int32_t kept = tg_lstm_clamp(tg_multiply(tg_lstm_sigmoid(p->sigmoid, forget) * *cell, p->forget));
    const int32_t entry = tg_lstm_sigmoid(p->sigmoid, input) * tg_lstm_tanh(p->sigmoid, gate, 0);
    const int32_t sum = tg_lstm_clamp(kept + tg_lstm_clamp(tg_multiply(entry, p->update)));
    *cell = (int16_t)tg_lstm_clamp(tg_clamp(sum, -p->cell_clip, p->cell_clip));
    const int32_t seen = tg_lstm_tanh(p->sigmoid, *cell, p->cell_shift) * tg_lstm_sigmoid(p->sigmoid, output);
    return tg_clamp(tg_multiply(seen, p->hidden) + p->hidden_zero_point, p->hidden_min, p->hidden_max);
}

#endif
