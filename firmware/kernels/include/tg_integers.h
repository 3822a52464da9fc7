/* Element-wise kernels for integers of any one type: they compute in 64 bits, and the result wraps. */
#ifndef TG_INTEGERS_H
#define TG_INTEGERS_H

#include "tg_element.h"
#include "tg_elementwise.h"

/* TG_PAIRS for elements of the type p->type. */
#define TG_INTEGER_PAIRS(result)                                                                                       \
    const tg_operand *const first_operand = &p->pairs.input1, *const second = &p->pairs.input2;                        \
    const tg_extent *const extent = &p->pairs.extent;                                                                  \
    for (int32_t r = first; r < first + count; r++) {                                                                  \
        const int32_t row1 = tg_operand_row(first_operand, extent, r), row2 = tg_operand_row(second, extent, r);       \
        const int8_t *const a = tg_row((const int8_t *)input1, first_operand->ring, row1);                             \
        const int8_t *const b = tg_row((const int8_t *)input2, second->ring, row2);                                    \
        int8_t *const out = tg_output_row((int8_t *)output, p->pairs.output, r);                                       \
        for (int32_t i = 0; i < extent->columns * extent->channels; i++) {                                             \
            const int32_t column = i / extent->channels, c = i % extent->channels;                                     \
            const int32_t at1 = column * first_operand->column_step + c * first_operand->channel_step;                 \
            const int32_t at2 = column * second->column_step + c * second->channel_step;                               \
            const int64_t x = tg_integer(a, p->type, at1), y = tg_integer(b, p->type, at2);                            \
            tg_store_integer(out, p->type, i, result);                                                                 \
        }                                                                                                              \
    }

/* TG_MAP for elements of the type p->type. */
#define TG_INTEGER_MAP(result)                                                                                         \
    for (int32_t r = first; r < first + count; r++) {                                                                  \
        const int8_t *const in = tg_row((const int8_t *)input, p->map.input, r);                                       \
        int8_t *const out = tg_output_row((int8_t *)output, p->map.output, r);                                         \
        for (int32_t i = 0; i < p->map.row_elements; i++) {                                                            \
            const int64_t x = tg_integer(in, p->type, i);                                                              \
            tg_store_integer(out, p->type, i, result);                                                                 \
        }                                                                                                              \
    }

#endif
