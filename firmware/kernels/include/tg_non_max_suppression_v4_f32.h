/* NON_MAX_SUPPRESSION_V4: which boxes are the best, of which none overlaps a better one too much, float. */
#ifndef TG_NON_MAX_SUPPRESSION_V4_F32_H
#define TG_NON_MAX_SUPPRESSION_V4_F32_H

#include "tg_non_max_suppression.h"

#define tg_non_max_suppression_v4_f32 TG_NAME(tg_non_max_suppression_v4_f32)

typedef tg_non_max_suppression tg_non_max_suppression_v4_f32_params;

/* boxes: [boxes][4]; scores: [boxes]; what is not selected is 0; scratch: 8 * boxes bytes, aligned to 4. */
void tg_non_max_suppression_v4_f32(const tg_non_max_suppression_v4_f32_params *params, const float *boxes,
                                   const float *scores, const float *iou_threshold, const float *score_threshold,
                                   int32_t *selected_indices, int32_t *valid_outputs, void *scratch);

#endif
