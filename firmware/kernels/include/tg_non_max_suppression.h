/* What the kernels of NON_MAX_SUPPRESSION share: the best boxes, of which none overlaps a better one too much. */
#ifndef TG_NON_MAX_SUPPRESSION_H
#define TG_NON_MAX_SUPPRESSION_H

#include "tg_math.h"

typedef struct {
    int32_t boxes;
    int32_t most; /* how many are selected */
} tg_non_max_suppression;

/* What is known of a box that waits. */
typedef struct {
    float score;  /* after the boxes selected so far */
    int32_t seen; /* how many of the selected ones it has been compared with; -1: it waits no longer */
} tg_waiting_box;

/* The part of the union that both boxes cover; corners are y, x, y, x in any order. */
static inline float tg_box_overlap(const float *a, const float *b) {
    float low[2][2], high[2][2];
    const float *const boxes[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        for (int axis = 0; axis < 2; axis++) {
            const float one = boxes[i][axis], other = boxes[i][axis + 2];
            low[i][axis] = one < other ? one : other;
            high[i][axis] = one < other ? other : one;
        }
    }
    const float area_a = (high[0][0] - low[0][0]) * (high[0][1] - low[0][1]);
    const float area_b = (high[1][0] - low[1][0]) * (high[1][1] - low[1][1]);
    if (area_a <= 0.0f || area_b <= 0.0f) {
        return 0.0f;
    }
    float shared = 1.0f;
    for (int axis = 0; axis < 2; axis++) {
        const float begin = low[0][axis] > low[1][axis] ? low[0][axis] : low[1][axis];
        const float end = high[0][axis] < high[1][axis] ? high[0][axis] : high[1][axis];
        shared *= end > begin ? end - begin : 0.0f;
    }
    return shared / (area_a + area_b - shared);
}

/* The waiting box with the greatest score, of equal ones the first; -1 if none waits. */
static inline int32_t tg_best_box(const tg_waiting_box *waiting, int32_t boxes) {
    int32_t best = -1;
    for (int32_t i = 0; i < boxes; i++) {
        if (waiting[i].seen >= 0 && (best < 0 || waiting[i].score > waiting[best].score)) {
            best = i;
        }
    }
    return best;
}

/* Selects up to `most` boxes, and returns how many; with sigma > 0 overlaps lower the scores before they end it. */
static inline int32_t tg_suppress(const tg_non_max_suppression *p, const float *boxes, const float *scores,
                                  float most_overlap, float least_score, float sigma, int32_t *selected,
                                  tg_waiting_box *waiting) {
    int32_t count = 0, best;
    for (int32_t i = 0; i < p->boxes; i++) {
        waiting[i].score = scores[i];
        waiting[i].seen = scores[i] > least_score ? 0 : -1;
    }
    while (count < p->most && (best = tg_best_box(waiting, p->boxes)) >= 0) {
        tg_waiting_box *const box = waiting + best;
        const float before = box->score;
        int is_covered = 0;
        for (int32_t j = count - 1; j >= box->seen && !is_covered && box->score > least_score; j--) {
            const float overlap = tg_box_overlap(boxes + 4 * best, boxes + 4 * selected[j]);
            is_covered = overlap >= most_overlap;
            if (sigma > 0.0f && !is_covered) {
                box->score *= tg_exp(-0.5f / sigma * overlap * overlap);
            }
        }
        box->seen = is_covered || !(box->score > least_score) ? -1 : count;
        if (box->seen >= 0 && box->score == before) {
            selected[count++] = best;
            box->seen = -1;
        }
    }
    return count;
}

#endif
