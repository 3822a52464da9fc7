/* SMLAD: tiles are taken in pairs, times four filters at a time. */
#include "tg_conv_2d_winograd_s8.h"
#include "tg_dsp_stage.h"
#include "tg_filter_blocks.h"

/* V of two tiles: [16][input_c / 2][2 tiles] words of two channels. M: [16][4 filters][2 tiles]. */

/* The filters, whose arrays are in flash or in RAM; see tg_conv_2d_winograd_s8_params. */
typedef struct {
    const int16_t *weights;
    const int32_t *bias;
    const tg_requant *requant;
    int32_t requant_step;
    int32_t channels;
    int32_t filters;
    int32_t rounding;
} bank;

/* Where two tiles' results go. */
typedef struct {
    int8_t *to[2];      /* the first output of each */
    int32_t columns[2]; /* how many of 2 each has; 0 for a tile beyond the last */
    int32_t next_row;   /* bytes to the second row; 0 if there is none */
} tiles;

/* B times a column of four. */
TG_ALWAYS_INLINE void combine(const uint32_t d[4], uint32_t *to, int32_t step) {
    to[0] = tg_ssub16(d[0], d[2]);
    to[step] = tg_sadd16(d[1], d[2]);
    to[2 * step] = tg_ssub16(d[2], d[1]);
    to[3 * step] = tg_ssub16(d[1], d[3]);
}

/* V of a tile, whose inputs begin at at[0] .. at[15], all channels. */
TG_NEVER_INLINE void transform(const int8_t *const at[16], int32_t channels, uint32_t *to) {
    for (int32_t c = 0; c < channels; c += 4, to += 4) {
        uint32_t even[16], odd[16];
        for (int32_t j = 0; j < 4; j++) {
            const uint32_t d0 = tg_load_word(at[j] + c), d1 = tg_load_word(at[4 + j] + c);
            const uint32_t d2 = tg_load_word(at[8 + j] + c), d3 = tg_load_word(at[12 + j] + c);
            const uint32_t e[4] = {tg_sxtb16(d0), tg_sxtb16(d1), tg_sxtb16(d2), tg_sxtb16(d3)};
            const uint32_t o[4] = {tg_sxtb16_ror8(d0), tg_sxtb16_ror8(d1), tg_sxtb16_ror8(d2), tg_sxtb16_ror8(d3)};
            combine(e, even + j, 4);
            combine(o, odd + j, 4);
        }
        for (int32_t i = 0; i < 4; i++) {
            combine(even + 4 * i, to + 4 * i * channels, channels);
            combine(odd + 4 * i, to + 4 * i * channels + 2, channels);
        }
    }
}

/* M of two tiles and four filters. */
TG_NEVER_INLINE void multiply(const uint32_t *v, const int16_t *weights, int32_t *m, int32_t channels) {
#if TG_HAS_DSP
    register const uint32_t *tile __asm__("r0") = v;
    register const int16_t *filters __asm__("r1") = weights;
    register int32_t *to __asm__("r2") = m;
    register int32_t bytes __asm__("r3") = 4 * channels;
    /* all registers are taken: r2 .. r5 what is multiplied, r6 .. r12 and lr the sums, f0 of tile a, f0 of b, f1 .. */
    __asm__ volatile("push {r7}\n"
                     "add r4, r0, r3\n"         /* the end of a position */
                     "add r5, r0, r3, lsl #4\n" /* of the last */
                     "push {r2-r5}\n"           /* m, bytes, end, last end */
                     "1:\n"
                     "movs r6, #0\n"
                     "movs r7, #0\n"
                     "mov r8, #0\n"
                     "mov r9, #0\n"
                     "mov r10, #0\n"
                     "mov r11, #0\n"
                     "mov r12, #0\n"
                     "mov lr, #0\n"
                     "2:\n"
                     ".irp at, 0, 8, 16, 24, 32, 40, 48, 56\n" /* 16 channels, two at a time */
                     "ldr.n r2, [r0, #\\at]\n"
                     "ldr.n r3, [r0, #\\at+4]\n"
                     "ldr.n r4, [r1, #2*\\at]\n"
                     "ldr.n r5, [r1, #2*\\at+4]\n"
                     "smlad r6, r4, r2, r6\n"
                     "smlad r7, r4, r3, r7\n"
                     "smlad r8, r5, r2, r8\n"
                     "smlad r9, r5, r3, r9\n"
                     "ldr.n r4, [r1, #2*\\at+8]\n"
                     "ldr.n r5, [r1, #2*\\at+12]\n"
                     "smlad r10, r4, r2, r10\n"
                     "smlad r11, r4, r3, r11\n"
                     "smlad r12, r5, r2, r12\n"
                     "smlad lr, r5, r3, lr\n"
                     ".endr\n"
                     "ldr r2, [sp, #8]\n"
                     "adds r0, r0, #64\n"
                     "adds r1, r1, #128\n"
                     "cmp r0, r2\n"
                     "bne.w 2b\n"
                     "ldr r3, [sp, #0]\n"
                     "ldr r4, [sp, #4]\n"
                     "ldr r5, [sp, #12]\n"
                     "stmia r3!, {r6-r12, lr}\n"
                     "add r2, r2, r4\n"
                     "str r3, [sp, #0]\n"
                     "str r2, [sp, #8]\n"
                     "cmp r0, r5\n"
                     "bne.w 1b\n"
                     "add sp, sp, #16\n"
                     "pop {r7}\n"
                     : "+r"(tile), "+r"(filters), "+r"(to), "+r"(bytes)
                     :
                     : "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "memory", "cc");
#else
    for (int32_t position = 0; position < 16; position++, m += 8) {
        for (int32_t i = 0; i < 8; i++) {
            m[i] = 0;
        }
        for (int32_t c = 0; c < channels; c += 2, v += 2, weights += 8) {
            for (int32_t i = 0; i < 8; i++) {
                m[i] = tg_smlad(tg_load_word(weights + (i & ~1)), v[i & 1], m[i]);
            }
        }
    }
#endif
}

/* A M A' of one filter and tile, whose M begins at m; wraps, but what comes out did not. */
TG_ALWAYS_INLINE void sum_up(const int32_t *m, int32_t y[4]) {
#if TG_HAS_DSP
    int32_t y0, y1, y2, y3, w, x, z;
    /* column by column of M; loads in a row take one cycle each */
    __asm__("ldr %[y0], [%[m], #0]\n"
            "ldr %[x], [%[m], #128]\n"
            "ldr %[z], [%[m], #256]\n"
            "ldr %[w], [%[m], #384]\n"
            "add %[y0], %[y0], %[x]\n"
            "sub %[y2], %[x], %[z]\n"
            "add %[y0], %[y0], %[z]\n"
            "sub %[y2], %[y2], %[w]\n"
            "ldr %[y1], [%[m], #32]\n"
            "ldr %[x], [%[m], #160]\n"
            "ldr %[z], [%[m], #288]\n"
            "ldr %[w], [%[m], #416]\n"
            "add %[y1], %[y1], %[x]\n"
            "sub %[y3], %[x], %[z]\n"
            "add %[y1], %[y1], %[z]\n"
            "sub %[y3], %[y3], %[w]\n"
            "add %[y0], %[y0], %[y1]\n"
            "add %[y2], %[y2], %[y3]\n"
            ".irp at, 64, 96\n"
            "ldr %[x], [%[m], #128+\\at]\n"
            "ldr %[z], [%[m], #256+\\at]\n"
            "ldr %[w], [%[m], #384+\\at]\n"
            "sub %[w], %[w], %[x]\n" /* less than nothing of the second row */
            "add %[w], %[w], %[z]\n"
            "add %[x], %[x], %[z]\n"
            "ldr %[z], [%[m], #\\at]\n"
            "add %[x], %[x], %[z]\n"
            "sub %[y1], %[y1], %[x]\n"
            "add %[y3], %[y3], %[w]\n"
            ".ifeq \\at-64\n"
            "add %[y0], %[y0], %[x]\n"
            "sub %[y2], %[y2], %[w]\n"
            ".endif\n"
            ".endr\n"
            : [y0] "=&r"(y0), [y1] "=&r"(y1), [y2] "=&r"(y2), [y3] "=&r"(y3), [w] "=&r"(w), [x] "=&r"(x), [z] "=&r"(z)
            : [m] "r"(m)
            : "memory");
    y[0] = y0, y[1] = y1, y[2] = y2, y[3] = y3;
#else
    uint32_t a[4], b[4];
    for (int32_t j = 0; j < 4; j++, m += 8) {
        const uint32_t m0 = (uint32_t)m[0], m1 = (uint32_t)m[32], m2 = (uint32_t)m[64], m3 = (uint32_t)m[96];
        a[j] = m0 + m1 + m2;
        b[j] = m1 - m2 - m3;
    }
    y[0] = (int32_t)(a[0] + a[1] + a[2]), y[1] = (int32_t)(a[1] - a[2] - a[3]);
    y[2] = (int32_t)(b[0] + b[1] + b[2]), y[3] = (int32_t)(b[1] - b[2] - b[3]);
#endif
}

/* One output from 4 times its sum. */
TG_ALWAYS_INLINE void store(int32_t sum, int32_t bias, tg_rescaling by, int8_t *to) {
    *to = (int8_t)tg_ssat8(tg_rescale((sum >> 2) + bias, by));
}

/* The outputs of one filter for one tile, whose M begins at m. */
TG_ALWAYS_INLINE void finish(const int32_t *m, int32_t bias, tg_rescaling by, int32_t columns, int32_t next_column,
                             int32_t next_row, int8_t *to) {
    int32_t y[4];
    sum_up(m, y);
    store(y[0], bias, by, to);
    if (columns > 1) {
        store(y[1], bias, by, to + next_column);
    }
    if (next_row != 0) {
        to += next_row;
        store(y[2], bias, by, to);
        if (columns > 1) {
            store(y[3], bias, by, to + next_column);
        }
    }
}

/* All filters for two tiles. */
TG_NEVER_INLINE void filter(const bank *b, const uint32_t *v, int32_t *m, const tiles *t) {
    const tg_requant *requant = b->requant;
    for (int32_t f = 0; f < b->filters; f += 4) {
        multiply(v, b->weights + 16 * f * b->channels, m, b->channels);
        for (int32_t i = 0; i < 4; i++, requant += b->requant_step) {
            const tg_rescaling by = {requant->multiplier, b->rounding * (1 << requant->shift), requant->shift + 1};
            for (int32_t k = 0; k < 2; k++) {
                if (t->columns[k] > 0) {
                    finish(m + 2 * i + k, b->bias[f + i], by, t->columns[k], b->filters, t->next_row, t->to[k] + f + i);
                }
            }
        }
    }
}

/* Moves the filters' arrays to RAM. */
TG_NEVER_INLINE void stage(bank *b, uint32_t *to) {
    uint32_t *bias = tg_stage(b->weights, 8 * b->filters * b->channels, to);
    uint32_t *requant = tg_stage(b->bias, b->filters, bias);
    if (b->requant_step > 0) {
        tg_stage(b->requant, 2 * b->filters, requant);
        b->requant = (const tg_requant *)(const void *)requant;
    }
    b->weights = (const int16_t *)(const void *)to;
    b->bias = (const int32_t *)bias;
}

void tg_conv_2d_winograd_s8(const tg_conv_2d_winograd_s8_params *p, const int8_t *input, int8_t *output, int32_t first,
                            int32_t count, void *scratch) {
    const tg_window *w = &p->window;
    const int32_t channels = p->input_c, filters = p->filters, width = w->output_w, input_w = w->input_w;
    uint32_t *v = (uint32_t *)scratch;
    int32_t *m = (int32_t *)scratch + 16 * channels;
    int8_t *zeros = (int8_t *)(m + 128);
    for (int32_t c = 0; c < channels; c++) {
        zeros[c] = (int8_t)p->input_zero_point;
    }
    bank b = {p->weights, p->bias, p->requant, p->requant_step, channels, filters, p->rounding};
    if (p->is_staged) {
        stage(&b, v + 16 * channels + 128 + channels / 4);
    }
    for (int32_t r = first, rows; r < first + count; r += rows) {
        const int32_t image_row = r / w->output_h * w->input_h, y = r % w->output_h;
        int8_t *out = tg_output_row(output, p->output, r);
        tiles t = {{out, out}, {0, 0}, 0};
        rows = r + 1 < first + count && y + 1 < w->output_h ? 2 : 1;
        if (rows == 2) {
            t.next_row = (int32_t)(tg_output_row(output, p->output, r + 1) - out);
        }
        const int8_t *in[4]; /* the tiles' rows, null outside */
        for (int32_t i = 0; i < 4; i++) {
            const int32_t in_y = y - w->pad_top + i;
            in[i] = in_y >= 0 && in_y < w->input_h && i < rows + 2 ? tg_row(input, p->input, image_row + in_y) : 0;
        }
        for (int32_t x = 0, column = -w->pad_left; x < width; x += 4) {
            for (int32_t k = 0; k < 2; k++, column -= 2) {
                const int8_t *at[16];
                for (int32_t j = 0; j < 4; j++, column++) {
                    const int32_t offset = column * channels;
                    const int is_inside = column >= 0 && column < input_w;
                    for (int32_t i = 0; i < 4; i++) {
                        at[4 * i + j] = is_inside && in[i] ? in[i] + offset : zeros;
                    }
                }
                const int32_t left = width - x - 2 * k;
                t.to[k] = out + (x + 2 * k) * filters;
                t.columns[k] = left < 2 ? left : 2;
                transform(at, channels, v + k);
            }
            filter(&b, v, m, &t);
        }
    }
}
