/* SMLAD: two patches, expanded to int16, times filters in blocks of four. */
#ifndef TG_DSP_PAIR_H
#define TG_DSP_PAIR_H

#include "tg_dsp.h"
#include "tg_filter_blocks.h"

/* Two expanded patches: for every four bytes the words of bytes (0, 2) of one and of the other, then of bytes (1, 3).
 */
enum { TG_PAIR_STEP = 16, TG_PAIR_OTHER = 4, TG_PAIR_ODD = 8 };

/* A turn of its loop: so many bytes of the two patches. */
#if TG_SMALL
#define TG_PAIR_OFFSETS "4, 12, 20"
#define TG_PAIR_LAST "28"
enum { TG_PAIR_TURN_BYTES = 32 };
#else
#define TG_PAIR_OFFSETS "4, 12, 20, 28, 36, 44, 52, 60, 68, 76, 84, 92, 100, 108, 116"
#define TG_PAIR_LAST "124"
enum { TG_PAIR_TURN_BYTES = 128 };
#endif

/* What tg_multiply_pair works on; the assembly knows the order. There, a pointer into patches or weights is 4 less than
   what is read next, and before a block as much less as the first turn is shorter. */
typedef struct {
    const uint8_t *patches;
    const uint8_t *end;    /* of the patches */
    const int8_t *weights; /* of the first block */
    int32_t late;          /* bytes of a turn that the first turn leaves out: a multiple of 16 */
    const int32_t *sums;   /* of the first block */
    int32_t filters;
    const tg_requant *requant; /* of the first block */
    int32_t advance;           /* bytes from one block's requant to the next */
    int8_t *a;                 /* the outputs for one patch */
    int8_t *b;                 /* and for the other */
    int32_t rounding;
    int32_t entry; /* where the first turn begins: bytes of code, and one as for any address of Thumb code */
} tg_pair;

#if TG_HAS_DSP
/* clang-format off */

/* What becomes of the sums of a filter that is the lower byte of its halfword, and of the upper one's. */
#if TG_ROUNDING_SINGLE
#define TG_PAIR_EVEN(x, y)
#define TG_PAIR_UNEVEN(x, y) \
    "asr " x ", " x ", #8\n" \
    "asr " y ", " y ", #8\n"
#define TG_PAIR_SCALE(x, y) \
    "smmla " x ", " x ", r2, r4\n" \
    "smmla " y ", " y ", r2, r4\n"
#else
#define TG_PAIR_EVEN(x, y) \
    "lsl " x ", " x ", #1\n" \
    "lsl " y ", " y ", #1\n"
#define TG_PAIR_UNEVEN(x, y) \
    "asr " x ", " x ", #7\n" \
    "asr " y ", " y ", #7\n"
#define TG_PAIR_SCALE(x, y) \
    "smmlar " x ", " x ", r2, r4\n" \
    "smmlar " y ", " y ", r2, r4\n"
#define TG_PAIR_SCALE_ANY(x, y) \
    "smmulr " x ", " x ", r2\n" \
    "smmulr " y ", " y ", r2\n" \
    "add " x ", " x ", " x ", asr #31\n" \
    "add " y ", " y ", " y ", asr #31\n" \
    "add " x ", " x ", r4\n" \
    "add " y ", " y ", r4\n"
#endif

/* Multiplies two bytes of each patch. */
#define TG_PAIR_ADD \
    "smlad r8, r4, r2, r8\n" \
    "smlad r9, r4, r3, r9\n" \
    "sxtb16 r4, r4\n" \
    "smlad r6, r4, r2, r6\n" \
    "smlad r7, r4, r3, r7\n" \
    "smlad r12, r5, r2, r12\n" \
    "smlad lr, r5, r3, lr\n" \
    "sxtb16 r5, r5\n" \
    "smlad r10, r5, r2, r10\n" \
    "smlad r11, r5, r3, r11\n"

/* Requantizes a filter's two sums, whose requant is `at` bytes behind r0; r5 holds the rounding. */
#define TG_PAIR_RESCALE(x, y, double_it, scale, at) \
    "ldr r2, [r0, #" at "]\n" \
    "ldr r3, [r0, #" at "+4]\n" \
    double_it(x, y) \
    "lsl r4, r5, r3\n" \
    scale(x, y) \
    "asr " x ", " x ", r3\n" \
    "asr " y ", " y ", r3\n" \
    "ssat " x ", #8, " x ", asr #1\n" \
    "ssat " y ", #8, " y ", asr #1\n"
#define TG_PAIR_RESCALE_BLOCK(scale)                                                                                   \
    TG_PAIR_RESCALE("r6", "r7", TG_PAIR_EVEN, scale, "0")                                                              \
    TG_PAIR_RESCALE("r8", "r9", TG_PAIR_UNEVEN, scale, "8")                                                            \
    TG_PAIR_RESCALE("r10", "r11", TG_PAIR_EVEN, scale, "16")                                                           \
    TG_PAIR_RESCALE("r12", "lr", TG_PAIR_UNEVEN, scale, "24")

/* With a zero point of -128, as after a ReLU, all negative products become -128, whichever way they are rounded. */
#if TG_ROUNDING_SINGLE
#define TG_PAIR_RESCALE_ALL TG_PAIR_RESCALE_BLOCK(TG_PAIR_SCALE)
#define TG_PAIR_OTHERWISE
#elif TG_SMALL
#define TG_PAIR_RESCALE_ALL TG_PAIR_RESCALE_BLOCK(TG_PAIR_SCALE_ANY)
#define TG_PAIR_OTHERWISE
#else
#define TG_PAIR_RESCALE_ALL \
    "cmn r5, #255\n" \
    "bne.w 5f\n" \
    TG_PAIR_RESCALE_BLOCK(TG_PAIR_SCALE) \
    "6:\n"
#define TG_PAIR_OTHERWISE \
    "b.w 4f\n" \
    "5:\n" \
    TG_PAIR_RESCALE_BLOCK(TG_PAIR_SCALE_ANY) \
    "b.w 6b\n"
#endif

/* All outputs of `work`. In its loop all registers are taken: r0 the patches, r1 the weights, r2 .. r5 what is
   multiplied, r6 .. r12 and lr the sums; `work` is copied to the stack. */
TG_NEVER_INLINE void tg_multiply_pair(const tg_pair *work) {
    register const tg_pair *end __asm__("r0") = work + 1;
    __asm__ volatile(
        "push {r7}\n" /* may be the frame pointer, which must not be named as lost */
        "ldmdb r0!, {r1-r6}\n"
        "adr.w r7, 2f\n"
        "add r6, r6, r7\n"
        "push {r1-r6}\n"
        "ldmdb r0!, {r1-r6}\n"
        "push {r1-r6}\n"
        "mov r1, r3\n"
        "1:\n" /* a block */
        "ldr r2, [sp, #16]\n"
        "ldr r3, [sp, #44]\n"
        "ldr r0, [sp, #0]\n"
        "ldmia r2!, {r6, r8, r10, r12}\n"
        "str r2, [sp, #16]\n"
        "mov r7, r6\n"
        "mov r9, r8\n"
        "mov r11, r10\n"
        "mov lr, r12\n"
        "bx r3\n"
        ".p2align 2\n"
        "2:\n" /* a turn, two bytes of each patch at a time: 48 bytes of code. Loads in a row take one cycle each. */
        ".irp at, " TG_PAIR_OFFSETS "\n"
        "ldr.n r2, [r0, #\\at]\n"
        "ldr.n r3, [r0, #\\at+4]\n"
        "ldr.n r4, [r1, #\\at]\n"
        "ldr.n r5, [r1, #\\at+4]\n"
        TG_PAIR_ADD
        ".endr\n"
        "ldr r2, [r0, #" TG_PAIR_LAST "]\n"
        "ldr r3, [r0, #" TG_PAIR_LAST "+4]!\n"
        "ldr r4, [r1, #" TG_PAIR_LAST "]\n"
        "ldr r5, [r1, #" TG_PAIR_LAST "+4]!\n"
        TG_PAIR_ADD
        "ldr r2, [sp, #4]\n"
        "cmp r0, r2\n"
        "bne.w 2b\n"
        "ldr r3, [sp, #12]\n"
        "ldr r0, [sp, #24]\n"
        "ldr r5, [sp, #40]\n"
        "sub r8, r8, r6\n"
        "sub r9, r9, r7\n"
        "sub r12, r12, r10\n"
        "sub lr, lr, r11\n"
        "subs r1, r1, r3\n"
        TG_PAIR_RESCALE_ALL
        "ldr r4, [sp, #32]\n"
        "ldr r5, [sp, #36]\n"
        "ldr r3, [sp, #20]\n"
        "ldr r2, [sp, #28]\n"
        "strb r6, [r4], #4\n"
        "strb r7, [r5], #4\n"
        "subs r3, r3, #4\n"
        "blt 3f\n"
        "strb r8, [r4, #-3]\n"
        "strb r9, [r5, #-3]\n"
        "strb r10, [r4, #-2]\n"
        "strb r11, [r5, #-2]\n"
        "strb r12, [r4, #-1]\n"
        "strb lr, [r5, #-1]\n"
        "add r0, r0, r2\n"
        "str r0, [sp, #24]\n"
        "str r4, [sp, #32]\n"
        "str r5, [sp, #36]\n"
        "str r3, [sp, #20]\n"
        "bne.w 1b\n"
        "b 4f\n"
        "3:\n" /* the last block lacks filters */
        "adds r3, r3, #2\n"
        "blt 4f\n"
        "strb r8, [r4, #-3]\n"
        "strb r9, [r5, #-3]\n"
        "beq 4f\n"
        "strb r10, [r4, #-2]\n"
        "strb r11, [r5, #-2]\n"
        TG_PAIR_OTHERWISE
        "4:\n"
        "add sp, sp, #48\n"
        "pop {r7}\n"
        : "+r"(end)
        :
        : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "memory", "cc");
}
/* clang-format on */
#else
TG_NEVER_INLINE void tg_multiply_pair(const tg_pair *work) {
    const int8_t *group = work->weights;
    for (int32_t f = 0; f < work->filters; f += 4) {
        const int32_t count = work->filters - f < 4 ? work->filters - f : 4;
        uint32_t a[4], b[4];
        for (int32_t i = 0; i < 4; i++) {
            a[i] = b[i] = (uint32_t)work->sums[f + i];
        }
        for (const uint8_t *at = work->patches; at != work->end; at += 8, group += 8) {
            const uint32_t x = tg_load_word(at), y = tg_load_word(at + TG_PAIR_OTHER);
            for (int32_t i = 0; i < 4; i += 2) {
                const uint32_t both = tg_load_word(group + 2 * i), even = tg_sxtb16(both);
                a[i] = (uint32_t)tg_smlad(even, x, (int32_t)a[i]);
                b[i] = (uint32_t)tg_smlad(even, y, (int32_t)b[i]);
                a[i + 1] = (uint32_t)tg_smlad(both, x, (int32_t)a[i + 1]);
                b[i + 1] = (uint32_t)tg_smlad(both, y, (int32_t)b[i + 1]);
            }
        }
        const tg_requant *requant = work->requant + f / 4 * (work->advance / 8);
        tg_block_store(requant, 1, work->rounding, count, a, work->a + f);
        tg_block_store(requant, 1, work->rounding, count, b, work->b + f);
    }
}
#endif

/* Filters for two patches at `patches`, whose outputs are to go to a and b. */
static inline tg_pair tg_pair_of(const tg_filter_blocks *k, const uint8_t *patches) {
#if TG_HAS_DSP
    const int32_t late = -4 * k->depth & (TG_PAIR_TURN_BYTES - 1), early = late + 4;
    const int32_t entry = 6 * late + 1; /* 48 bytes of code per 8 of the patches */
#else
    const int32_t late = 0, early = 0, entry = 0;
#endif
    const uint8_t *end = patches + 4 * k->depth - (early - late);
    const tg_pair work = {patches - early, end,        k->weights - early,   late, k->sums,
                          k->filters,      k->requant, 32 * k->requant_step, 0,    0,
                          k->rounding,     entry};
    return work;
}

#endif
