/* Portable: one number after the other. */
#include "tg_signal_stacker_s16.h"

void tg_signal_stacker_s16(const tg_signal_stacker_s16_params *p, const int16_t *input, int16_t *output, bool *valid,
                           int16_t *history, int32_t *wait) {
    if (wait[0] < 0) {
        wait[0] = p->right;
        for (int32_t i = 0; i < p->kept; i++) {
            history[i] = input[i % p->channels];
        }
    }
    const bool is_valid = wait[0] == 0;
    for (int32_t i = 0; i < p->kept + p->channels; i++) {
        output[i] = is_valid ? tg_history_at(history, p->kept, input, i) : 0;
    }
    tg_history_push(history, p->kept, input, p->channels);
    valid[0] = is_valid;
    wait[0] = is_valid ? p->step - 1 : wait[0] - 1;
}
