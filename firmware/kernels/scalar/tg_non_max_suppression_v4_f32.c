/* Portable: looks through all boxes for each that is selected, so that no queue is needed. */
#include "tg_non_max_suppression_v4_f32.h"

void tg_non_max_suppression_v4_f32(const tg_non_max_suppression_v4_f32_params *p, const float *boxes,
                                   const float *scores, const float *iou_threshold, const float *score_threshold,
                                   int32_t *selected_indices, int32_t *valid_outputs, void *scratch) {
    tg_waiting_box *const waiting = (tg_waiting_box *)scratch;
    const int32_t count =
        tg_suppress(p, boxes, scores, *iou_threshold, *score_threshold, 0.0f, selected_indices, waiting);
    for (int32_t i = count; i < p->most; i++) {
        selected_indices[i] = 0;
    }
    *valid_outputs = count;
}
