/* Constants in RAM, for the time of a kernel: flash is often slower. */
#ifndef TG_DSP_STAGE_H
#define TG_DSP_STAGE_H

#include "tg_dsp.h"

/* Copies words, a multiple of 4 and not 0, and says where the copy ends. */
TG_NEVER_INLINE uint32_t *tg_stage(const void *from, int32_t words, uint32_t *to) {
#if TG_HAS_DSP
    __asm__ volatile("tst %[words], #4\n"
                     "beq 1f\n"
                     "ldmia %[from]!, {r4-r6, r8}\n"
                     "stmia %[to]!, {r4-r6, r8}\n"
                     "subs %[words], #4\n"
                     "beq 2f\n"
                     "1:\n"
                     "ldmia %[from]!, {r4-r6, r8-r10, r12, lr}\n"
                     "stmia %[to]!, {r4-r6, r8-r10, r12, lr}\n"
                     "subs %[words], #8\n"
                     "bne 1b\n"
                     "2:\n"
                     : [from] "+r"(from), [to] "+r"(to), [words] "+r"(words)
                     :
                     : "r4", "r5", "r6", "r8", "r9", "r10", "r12", "lr", "memory", "cc");
#else
    const uint32_t *at = (const uint32_t *)from;
    for (; words > 0; words--) {
        *to++ = *at++;
    }
#endif
    return to;
}

#endif
