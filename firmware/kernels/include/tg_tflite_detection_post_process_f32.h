/* TFLite_Detection_PostProcess: the best boxes, without those that share more than `most_overlap` of the union with a
   better one; their classes, their scores and how many they are. With (y, x, h, w) of an encoding divided by the scales
   and of its anchor (ay, ax, ah, aw), a box is (y * ah + ay, x * aw + ax) -+ (exp(h) * ah, exp(w) * aw) / 2. */
#ifndef TG_TFLITE_DETECTION_POST_PROCESS_F32_H
#define TG_TFLITE_DETECTION_POST_PROCESS_F32_H

#include "tg_common.h"

#define tg_tflite_detection_post_process_f32 TG_NAME(tg_tflite_detection_post_process_f32)

typedef struct {
    const float *scales; /* [4]: of y, x, h and w */
    int32_t boxes;
    int32_t encoding_length; /* numbers of an encoding, of which the first four count */
    int32_t classes;
    int32_t has_background; /* 1: a score that does not count comes before those of the classes */
    int32_t most;           /* detections */
    int32_t most_per_class;
    int32_t is_regular; /* 1: class by class, then the best of all; 0: by the best class of each box */
    float least_score;
    float most_overlap;
} tg_tflite_detection_post_process_f32_params;

/* encodings: [boxes][encoding_length]; predictions: [boxes][has_background + classes]; anchors: [boxes][4];
   found: [most][4], least y, least x, greatest y, greatest x; labels, scores: [most]; count: [1];
   scratch: 21 bytes for each box. */
void tg_tflite_detection_post_process_f32(const tg_tflite_detection_post_process_f32_params *params,
                                          const float *encodings, const float *predictions, const float *anchors,
                                          float *found, float *labels, float *scores, float *count, void *scratch);

#endif
