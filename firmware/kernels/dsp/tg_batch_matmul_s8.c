/* Four columns at a time share the words of a row; what a transposed left operand has for rows, one by one. */
#include "tg_batch_matmul_s8.h"
#include "tg_dsp_dot.h"

/* What tg_dot_four does, with columns that are neighbours: element i of the first lies at column[i * step]. */
TG_NEVER_INLINE void dot_neighbours(const int8_t *x, int32_t offset, const int8_t *column, int32_t step, int32_t count,
                                    uint32_t sums[4]) {
    const uint32_t offsets = tg_pkhbt_lsl16((uint32_t)offset, (uint32_t)offset);
    int32_t s0 = (int32_t)sums[0], s1 = (int32_t)sums[1], s2 = (int32_t)sums[2], s3 = (int32_t)sums[3];
    for (const int8_t *const end = x + (count & ~3); x != end; x += 4, column += 2 * step) {
        for (int half = 0; half < 2; half++, column += step) { /* elements 0 and 2, then 1 and 3 */
            const uint32_t two =
                half == 0 ? tg_sxtab16(offsets, tg_load_word(x)) : tg_sxtab16_ror8(offsets, tg_load_word(x));
            const uint32_t first = tg_load_word(column), second = tg_load_word(column + 2 * step);
            uint32_t a = tg_sxtb16(first), b = tg_sxtb16(second);
            s0 = tg_smlad(two, tg_pkhbt_lsl16(a, b), s0);
            s2 = tg_smlad(two, tg_pkhtb_asr16(b, a), s2);
            a = tg_sxtb16_ror8(first), b = tg_sxtb16_ror8(second);
            s1 = tg_smlad(two, tg_pkhbt_lsl16(a, b), s1);
            s3 = tg_smlad(two, tg_pkhtb_asr16(b, a), s3);
        }
    }
    sums[0] = (uint32_t)s0, sums[1] = (uint32_t)s1, sums[2] = (uint32_t)s2, sums[3] = (uint32_t)s3;
    for (int32_t i = 0; i < (count & 3); i++, column += step) {
        for (int j = 0; j < 4; j++) {
            sums[j] += (uint32_t)((x[i] + offset) * column[j]);
        }
    }
}

/* Sums of (row - zero point) * columns, for `count` columns, at most four. */
static void dot_columns(const tg_batch_matmul_s8_params *p, const int8_t *row, const int8_t *column, int32_t count,
                        uint32_t sums[4]) {
    const tg_matmul *m = &p->shape;
    if (m->lhs_depth_step == 1 && m->rhs_depth_step == 1) {
        const int8_t *columns[4];
        for (int32_t j = 0; j < 4; j++) { /* what is too much of the last ones is computed again */
            columns[j] = column + (j < count ? j : count - 1) * m->rhs_column_step;
        }
        tg_dot_four(row, -p->lhs_zero_point, columns, m->depth, sums);
    } else if (m->lhs_depth_step == 1 && m->rhs_column_step == 1 && count == 4) {
        dot_neighbours(row, -p->lhs_zero_point, column, m->rhs_depth_step, m->depth, sums);
    } else {
        for (int32_t j = 0; j < count; j++, column += m->rhs_column_step) {
            for (int32_t k = 0; k < m->depth; k++) {
                const int32_t x = row[k * m->lhs_depth_step] - p->lhs_zero_point;
                sums[j] += (uint32_t)(x * column[k * m->rhs_depth_step]);
            }
        }
    }
}

/* What the zero point of rhs takes from every sum of a row. */
static uint32_t excess_of(const tg_batch_matmul_s8_params *p, const int8_t *row) {
    const int32_t depth = p->shape.depth, step = p->shape.lhs_depth_step;
    int32_t sum = -depth * p->lhs_zero_point; /* |sum| <= 255 * depth */
    if (p->rhs_zero_point == 0) {
        return 0;
    }
    for (const int8_t *const end = row + depth * step; row != end; row += step) {
        sum += *row;
    }
    return (uint32_t)sum * (uint32_t)p->rhs_zero_point;
}

void tg_batch_matmul_s8(const tg_batch_matmul_s8_params *p, const int8_t *lhs, const int8_t *rhs, int8_t *output) {
    const tg_matmul *m = &p->shape;
    const int32_t batches = tg_matmul_batches(m);
    const int is_fast = tg_can_rescale(p->requant, 0, tg_rescale_limit(4 * m->depth, -128, 127)); /* of 255 * 255 */
    const tg_rescaling fast = is_fast ? tg_rescaling_of(p->requant, p->output_zero_point) : (tg_rescaling){0, 0, 0};
    for (int32_t b = 0; b < batches; b++) {
        const tg_matmul_place place = tg_matmul_at(m, b);
        for (int32_t i = 0; i < m->rows; i++) {
            const int8_t *row = lhs + place.lhs + i * m->lhs_row_step;
            const uint32_t excess = excess_of(p, row);
            for (int32_t j = 0; j < m->columns; j += 4) {
                const int32_t count = m->columns - j < 4 ? m->columns - j : 4;
                uint32_t sums[4] = {-excess, -excess, -excess, -excess};
                dot_columns(p, row, rhs + place.rhs + j * m->rhs_column_step, count, sums);
                for (int32_t k = 0; k < count; k++) {
                    const int32_t acc = (int32_t)sums[k];
                    const int32_t stored =
                        is_fast ? tg_rescale(acc, fast) : tg_multiply(acc, p->requant) + p->output_zero_point;
                    *output++ = (int8_t)tg_ssat8(stored);
                }
            }
        }
    }
}
