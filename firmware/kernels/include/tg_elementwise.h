/* What kernels share that compute element by element: where the elements lie, and the loops over them. */
#ifndef TG_ELEMENTWISE_H
#define TG_ELEMENTWISE_H

#include "tg_broadcast.h"

/* One operand of the output's shape. */
typedef struct {
    tg_ring input;
    tg_ring output;
    int32_t row_elements;
} tg_map;

/* Two operands that may be broadcast. */
typedef struct {
    tg_operand input1;
    tg_operand input2;
    tg_ring output;
    tg_extent extent;
} tg_pairs;

/* The same, brought to one scale before they are added or subtracted. */
typedef struct {
    tg_pairs pairs;
    int32_t input1_zero_point;
    int32_t input2_zero_point;
    int32_t output_zero_point;
    tg_requant input1_requant; /* brings input1 to half of twice the larger input scale */
    tg_requant input2_requant;
    tg_requant output_requant;
    int32_t output_min;
    int32_t output_max;
} tg_scaled_pairs;

/* The body of a kernel with parameters p, input, output, first, count: every element of the output's rows becomes
   `result`, an expression of x, the input's element. */
#define TG_MAP(input_type, output_type, result)                                                                        \
    for (int32_t r = first; r < first + count; r++) {                                                                  \
        const input_type *in = (const input_type *)(const void *)tg_row((const int8_t *)input, p->map.input, r);       \
        output_type *out = (output_type *)(void *)tg_output_row((int8_t *)output, p->map.output, r);                   \
        for (int32_t i = 0; i < p->map.row_elements; i++) {                                                            \
            const input_type x = in[i];                                                                                \
            out[i] = (output_type)(result);                                                                            \
        }                                                                                                              \
    }

/* The same with parameters p, input1, input2, output, first, count, and elements x and y. */
#define TG_PAIRS(input1_type, input2_type, output_type, result)                                                        \
    for (int32_t r = first; r < first + count; r++) {                                                                  \
        const tg_pairs *pairs = &p->pairs;                                                                             \
        const int32_t row1 = tg_operand_row(&pairs->input1, &pairs->extent, r);                                        \
        const int32_t row2 = tg_operand_row(&pairs->input2, &pairs->extent, r);                                        \
        const input1_type *a =                                                                                         \
            (const input1_type *)(const void *)tg_row((const int8_t *)input1, pairs->input1.ring, row1);               \
        const input2_type *b =                                                                                         \
            (const input2_type *)(const void *)tg_row((const int8_t *)input2, pairs->input2.ring, row2);               \
        output_type *out = (output_type *)(void *)tg_output_row((int8_t *)output, pairs->output, r);                   \
        for (int32_t column = 0; column < pairs->extent.columns; column++) {                                           \
            for (int32_t c = 0; c < pairs->extent.channels; c++) {                                                     \
                const input1_type x = a[c * pairs->input1.channel_step];                                               \
                const input2_type y = b[c * pairs->input2.channel_step];                                               \
                *out++ = (output_type)(result);                                                                        \
            }                                                                                                          \
            a += pairs->input1.column_step;                                                                            \
            b += pairs->input2.column_step;                                                                            \
        }                                                                                                              \
    }

#endif
