/* Portable: the best box that is left, again and again, so that nothing is sorted. */
#include "tg_tflite_detection_post_process_f32.h"

#include "tg_math.h"

typedef tg_tflite_detection_post_process_f32_params detection;

/* What the op knows of its boxes while it works. */
typedef struct {
    float *corners; /* [boxes][4] */
    float *scores;  /* [boxes], of one class or the best */
    int8_t *waits;  /* [boxes]: 1 while it may still be chosen */
} candidates;

/* Where detections go, the best first. */
typedef struct {
    float *boxes, *labels, *scores;
    int32_t count;
} detections;

static void decode(const detection *p, const float *encoding, const float *anchor, float *corner) {
    for (int32_t axis = 0; axis < 2; axis++) {
        const float centre = encoding[axis] / p->scales[axis] * anchor[2 + axis] + anchor[axis];
        const float half = 0.5f * tg_exp(encoding[2 + axis] / p->scales[2 + axis]) * anchor[2 + axis];
        corner[axis] = centre - half;
        corner[2 + axis] = centre + half;
    }
}

static float area(const float *box) {
    return (box[2] - box[0]) * (box[3] - box[1]);
}

static float shared_side(const float *a, const float *b, int32_t axis) {
    const float first = a[axis] > b[axis] ? a[axis] : b[axis];
    const float end = a[2 + axis] < b[2 + axis] ? a[2 + axis] : b[2 + axis];
    return end > first ? end - first : 0.0f;
}

static float overlap(const float *a, const float *b) {
    const float area_a = area(a), area_b = area(b);
    if (area_a <= 0.0f || area_b <= 0.0f) {
        return 0.0f;
    }
    const float shared = shared_side(a, b, 0) * shared_side(a, b, 1);
    return shared / (area_a + area_b - shared);
}

static void put(detections *found, int32_t at, const float *box, float label, float score) {
    float *const to = found->boxes + 4 * at;
    const float top = box[0], left = box[1], bottom = box[2], right = box[3];
    to[0] = top, to[1] = left, to[2] = bottom, to[3] = right;
    found->labels[at] = label;
    found->scores[at] = score;
}

/* Behind those that are at least as good; what is one too many falls out. */
static void insert(detections *found, int32_t most, const float *box, float label, float score) {
    int32_t at = found->count < most ? found->count++ : most;
    for (; at > 0 && !(found->scores[at - 1] >= score); at--) {
        if (at < most) {
            put(found, at, found->boxes + 4 * (at - 1), found->labels[at - 1], found->scores[at - 1]);
        }
    }
    if (at < most) {
        put(found, at, box, label, score);
    }
}

/* The best box that still waits; -1 if there is none. */
static int32_t best_of(const detection *p, const candidates *c) {
    int32_t best = -1;
    for (int32_t b = 0; b < p->boxes; b++) {
        if (c->waits[b] && (best < 0 || c->scores[b] > c->scores[best])) {
            best = b;
        }
    }
    return best;
}

static int32_t best_class(const detection *p, const float *scores) {
    int32_t best = 0;
    for (int32_t i = 1; i < p->classes; i++) {
        best = scores[i] > scores[best] ? i : best;
    }
    return best;
}

/* label: the class that the scores are of, or -1 if they are each box's best. */
static void choose(const detection *p, const candidates *c, const float *predictions, int32_t label,
                   detections *found) {
    const int32_t most = label < 0 ? p->most : p->most_per_class, stride = p->has_background + p->classes;
    for (int32_t b = 0; b < p->boxes; b++) {
        const float *scores = predictions + b * stride + p->has_background;
        c->scores[b] = scores[label < 0 ? best_class(p, scores) : label];
        c->waits[b] = c->scores[b] >= p->least_score;
    }
    for (int32_t chosen = 0; chosen < most; chosen++) {
        const int32_t best = best_of(p, c);
        if (best < 0) {
            return;
        }
        const float *box = c->corners + 4 * best;
        const int32_t named = label < 0 ? best_class(p, predictions + best * stride + p->has_background) : label;
        insert(found, p->most, box, (float)named, c->scores[best]);
        c->waits[best] = 0;
        for (int32_t b = 0; b < p->boxes; b++) {
            if (c->waits[b] && overlap(box, c->corners + 4 * b) > p->most_overlap) {
                c->waits[b] = 0;
            }
        }
    }
}

void tg_tflite_detection_post_process_f32(const tg_tflite_detection_post_process_f32_params *p, const float *encodings,
                                          const float *predictions, const float *anchors, float *found, float *labels,
                                          float *scores, float *count, void *scratch) {
    float *corners = (float *)scratch;
    const candidates c = {corners, corners + 4 * p->boxes, (int8_t *)(corners + 5 * p->boxes)};
    detections made = {found, labels, scores, 0};
    for (int32_t b = 0; b < p->boxes; b++) {
        decode(p, encodings + b * p->encoding_length, anchors + 4 * b, corners + 4 * b);
    }
    for (int32_t label = p->is_regular ? 0 : -1; label < (p->is_regular ? p->classes : 0); label++) {
        choose(p, &c, predictions, label, &made);
    }
    count[0] = (float)made.count;
    for (int32_t i = made.count; i < p->most; i++) {
        labels[i] = scores[i] = 0.0f;
        for (int32_t k = 0; k < 4; k++) {
            found[4 * i + k] = 0.0f;
        }
    }
}
