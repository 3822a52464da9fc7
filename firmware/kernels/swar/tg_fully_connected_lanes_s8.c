/* The weights of two outputs in one word. */
#include "tg_fully_connected_lanes_s8.h"
#include "tg_swar.h"

/* What add_lanes works on; the assembly knows the order. */
typedef struct {
    uint32_t all_a, upper_a; /* of outputs 0 and 2: the sum of words, and of their upper halves, which are exact */
    uint32_t all_b, upper_b; /* of outputs 1 and 3 */
    const int8_t *end;       /* of the input */
    int32_t spare;
    const int8_t *input;
    const uint32_t *weights;
} lane_sums;

/* In the loops: r0 the input, r1 the weights, r2 and r3 the sums of a run, r4 .. r6 what is multiplied, r7 the mask, r8
   .. r11 all sums, r12 the end of the input, lr the sum of a run's inputs. */
#if TG_THUMB == 2
#define LANES(at, sum)                                                                                                 \
    "ldrsb r4, [r0, #" at "]\n"                                                                                        \
    "ldr r5, [r1, #4*" at "]\n" sum " lr, r4\n"                                                                        \
    "and r6, r7, r5\n"                                                                                                 \
    "and r5, r7, r5, lsr #8\n"                                                                                         \
    "mla r2, r6, r4, r2\n"                                                                                             \
    "mla r3, r5, r4, r3\n"
#define RUN_BEGIN                                                                                                      \
    "mov r7, #0x00ff00ff\n"                                                                                            \
    "1:\n"                                                                                                             \
    "mov r2, #0x8000\n"                                                                                                \
    "mov r3, #0x8000\n"
#define RUN_END                                                                                                        \
    "add lr, lr, lr, lsl #16\n"                                                                                        \
    "sub r2, r2, lr, lsl #7\n"                                                                                         \
    "sub r3, r3, lr, lsl #7\n"                                                                                         \
    "adds r0, #8\n"                                                                                                    \
    "adds r1, #32\n"                                                                                                   \
    "add r8, r8, r2\n"                                                                                                 \
    "add r9, r9, r2, asr #16\n"                                                                                        \
    "add r10, r10, r3\n"                                                                                               \
    "add r11, r11, r3, asr #16\n"                                                                                      \
    "cmp r0, r12\n"                                                                                                    \
    "bne 1b\n"
#elif TG_THUMB == 1
#define LANES(at, sum)                                                                                                 \
    "ldrb r4, [r0, #" at "]\n"                                                                                         \
    "ldmia r1!, {r5}\n"                                                                                                \
    "sxtb r4, r4\n" sum " lr, r4\n"                                                                                    \
    "movs r6, r5\n"                                                                                                    \
    "ands r6, r7\n"                                                                                                    \
    "lsrs r5, r5, #8\n"                                                                                                \
    "ands r5, r7\n"                                                                                                    \
    "muls r6, r4, r6\n"                                                                                                \
    "adds r2, r2, r6\n"                                                                                                \
    "muls r5, r4, r5\n"                                                                                                \
    "adds r3, r3, r5\n"
#define RUN_BEGIN                                                                                                      \
    "movs r7, #255\n"                                                                                                  \
    "lsls r2, r7, #16\n"                                                                                               \
    "orrs r7, r2\n"                                                                                                    \
    "1:\n"                                                                                                             \
    "movs r2, #128\n"                                                                                                  \
    "lsls r2, r2, #8\n"                                                                                                \
    "mov r3, r2\n"
#define RUN_END                                                                                                        \
    "mov r4, lr\n"                                                                                                     \
    "lsls r4, r4, #7\n"                                                                                                \
    "lsls r5, r4, #16\n"                                                                                               \
    "adds r4, r4, r5\n"                                                                                                \
    "subs r2, r2, r4\n"                                                                                                \
    "subs r3, r3, r4\n"                                                                                                \
    "adds r0, #8\n"                                                                                                    \
    "add r8, r2\n"                                                                                                     \
    "add r10, r3\n"                                                                                                    \
    "asrs r2, r2, #16\n"                                                                                               \
    "asrs r3, r3, #16\n"                                                                                               \
    "add r9, r2\n"                                                                                                     \
    "add r11, r3\n"                                                                                                    \
    "cmp r0, r12\n"                                                                                                    \
    "bne 1b\n"
#endif
#define ALL_LANES FOUR_LANES("0", "1", "2", "3", "mov") FOUR_LANES("4", "5", "6", "7", "add")
#define FOUR_LANES(a, b, c, d, sum) LANES(a, sum) LANES(b, "add") LANES(c, "add") LANES(d, "add")

/* Adds the inputs times the weights to the sums. Every run's begin with half of the range of the lower lane, so that it
   never borrows from the upper, and lose in the end what 128 is too much in each weight. */
static inline void add_lanes(lane_sums *sums) {
#if TG_THUMB
    register lane_sums *work __asm__("r0") = sums;
    __asm__ volatile(TG_SWAR_ENTER RUN_BEGIN ALL_LANES RUN_END TG_SWAR_LEAVE : "+r"(work) : : TG_SWAR_LOST);
#else
    const uint32_t *weights = sums->weights;
    for (const int8_t *input = sums->input; input != sums->end;) {
        uint32_t a = 0x8000u, b = 0x8000u;
        int32_t sum = 0;
        for (int32_t i = 0; i < TG_LANES_RUN; i++, input++, weights++) {
            sum += *input;
            a += (uint32_t)*input * (*weights & 0x00ff00ffu);
            b += (uint32_t)*input * (*weights >> 8 & 0x00ff00ffu);
        }
        a -= (uint32_t)sum * 0x00800080u;
        b -= (uint32_t)sum * 0x00800080u;
        sums->all_a += a;
        sums->all_b += b;
        sums->upper_a += (uint32_t)((int32_t)a >> 16);
        sums->upper_b += (uint32_t)((int32_t)b >> 16);
    }
#endif
}

/* All outputs for one row of the input. */
static void multiply(const tg_fully_connected_lanes_s8_params *p, const int8_t *input, int8_t *output) {
    const int32_t *extra = p->extras, *requant = p->requant;
    const uint32_t *bias = (const uint32_t *)p->bias, less = (uint32_t)(p->depth / TG_LANES_RUN) << 15;
    for (int32_t o = 0; o < p->outputs; bias += 4) {
        lane_sums sums = {bias[0] + (bias[2] << 16) - less,
                          bias[2],
                          bias[1] + (bias[3] << 16) - less,
                          bias[3],
                          input + p->depth,
                          0,
                          input,
                          p->weights + (o >> 2) * p->depth};
        add_lanes(&sums);
        uint32_t sum[4] = {sums.all_a - (sums.upper_a << 16), sums.all_b - (sums.upper_b << 16), sums.upper_a,
                           sums.upper_b};
        for (int32_t i = 0; i < 4 && o < p->outputs; i++, o++, requant += p->requant_step) {
            for (int32_t left = p->counts[o]; left > 0; left--) {
                sum[i] += (uint32_t)tg_lanes_extra(*extra++, input);
            }
            output[o] = tg_halves_store((int32_t)sum[i], tg_doubled_of(requant));
        }
    }
}

void tg_fully_connected_lanes_s8(const tg_fully_connected_lanes_s8_params *p, const int8_t *input, int8_t *output) {
    for (int32_t b = 0; b < p->batches; b++, input += p->depth, output += p->outputs) {
        multiply(p, input, output);
    }
}
