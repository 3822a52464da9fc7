/* Helium: four elements at a time where both operands lie without gaps, one by one where they are broadcast. */
#include "tg_add_s8.h"
#include "tg_mve.h"

static inline int32x4x2_t both(tg_requant requant) {
    const int32x4x2_t requants = {{vdupq_n_s32(requant.multiplier), vdupq_n_s32(requant.shift)}};
    return requants;
}

/* |x - zero point| <= 255, so the widened value is below 2**28. */
static inline int32x4_t widened(int32x4_t x, int32_t zero_point) {
    return vshlq_n_s32(vsubq_n_s32(x, zero_point), 20);
}

static void add(const tg_add_s8_params *p, const int8_t *a, int32_t a_step, const int8_t *b, int32_t b_step,
                int8_t *out, int32_t elements) {
    const tg_mve_output o = {&p->output_requant, 0, p->output_zero_point, p->output_min, p->output_max};
    const int32x4x2_t of_a = both(p->input1_requant), of_b = both(p->input2_requant);
    for (int32_t i = 0; i < elements; i += 4) {
        const int32_t lanes = elements - i < 4 ? elements - i : 4;
        const mve_pred16_t some = vctp32q((uint32_t)lanes);
        const int32x4_t x = a_step ? vldrbq_z_s32(a + i, some) : vdupq_n_s32(*a);
        const int32x4_t y = b_step ? vldrbq_z_s32(b + i, some) : vdupq_n_s32(*b);
        const int32x4_t sum = vaddq_s32(tg_mve_multiply(widened(x, p->input1_zero_point), of_a),
                                        tg_mve_multiply(widened(y, p->input2_zero_point), of_b));
        tg_mve_store(&o, sum, 0, lanes, out + i);
    }
}

void tg_add_s8(const tg_add_s8_params *p, const int8_t *input1, const int8_t *input2, int8_t *output, int32_t first,
               int32_t count) {
    const int32_t columns = p->extent.columns, channels = p->extent.channels;
    const tg_operand *one = &p->input1, *two = &p->input2;
    /* the columns of a row are one run unless an operand is read again or has one channel for many */
    const int is_run = one->channel_step == 1 && two->channel_step == 1 &&
                       (columns == 1 || (one->column_step == channels && two->column_step == channels));
    const int32_t runs = is_run ? 1 : columns, elements = is_run ? columns * channels : channels;
    for (int32_t r = first; r < first + count; r++) {
        const int8_t *a = tg_row(input1, one->ring, tg_operand_row(one, &p->extent, r));
        const int8_t *b = tg_row(input2, two->ring, tg_operand_row(two, &p->extent, r));
        int8_t *out = tg_output_row(output, p->output, r);
        for (int32_t x = 0; x < runs; x++, out += elements) {
            add(p, a, one->channel_step, b, two->channel_step, out, elements);
            a += one->column_step;
            b += two->column_step;
        }
    }
}
