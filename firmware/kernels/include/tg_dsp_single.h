/* SMLAD: one patch of int8 times filters in blocks of four. */
#ifndef TG_DSP_SINGLE_H
#define TG_DSP_SINGLE_H

#include "tg_dsp.h"
#include "tg_filter_blocks.h"

#define tg_multiply_single TG_NAME(tg_multiply_single)

#if TG_HAS_DSP
/* clang-format off */

/* A turn of the loop: so many bytes of the patch, and of the weights. */
#if TG_SMALL
#define TG_SINGLE_MASK "7"
#define TG_SINGLE_OFFSETS "0"
#define TG_SINGLE_LAST "4"
#else
#define TG_SINGLE_MASK "31"
#define TG_SINGLE_OFFSETS "0, 4, 8, 12, 16, 20, 24"
#define TG_SINGLE_LAST "28"
#endif

#if TG_ROUNDING_SINGLE
#define TG_SINGLE_EVEN(x)
#define TG_SINGLE_UNEVEN(x) "asr " x ", " x ", #8\n"
#define TG_SINGLE_SCALE(x) "smmla " x ", " x ", r2, r4\n"
#define TG_SINGLE_SCALE_ANY TG_SINGLE_SCALE
#else
#define TG_SINGLE_EVEN(x) "lsl " x ", " x ", #1\n"
#define TG_SINGLE_UNEVEN(x) "asr " x ", " x ", #7\n"
#define TG_SINGLE_SCALE(x) "smmlar " x ", " x ", r2, r4\n"
#define TG_SINGLE_SCALE_ANY(x) \
    "smmulr " x ", " x ", r2\n" \
    "add " x ", " x ", " x ", asr #31\n" \
    "add " x ", " x ", r4\n"
#endif

/* Multiplies four bytes of the patch. */
#define TG_SINGLE_ADD \
    "sxtb16 r3, r2\n" \
    "sxtb16 r2, r2, ror #8\n" \
    "smlad r9, r4, r3, r9\n" \
    "sxtb16 r4, r4\n" \
    "smlad r8, r4, r3, r8\n" \
    "smlad r11, r5, r3, r11\n" \
    "sxtb16 r5, r5\n" \
    "smlad r10, r5, r3, r10\n" \
    "smlad r9, r6, r2, r9\n" \
    "sxtb16 r6, r6\n" \
    "smlad r8, r6, r2, r8\n" \
    "smlad r11, r7, r2, r11\n" \
    "sxtb16 r7, r7\n" \
    "smlad r10, r7, r2, r10\n"

/* Requantizes one sum with the multiplier in r2, the shift in r3 and the addend in r4. */
#define TG_SINGLE_RESCALE(x, double_it, scale) \
    double_it(x) \
    scale(x) \
    "asr " x ", " x ", r3\n" \
    "ssat " x ", #8, " x ", asr #1\n"
#define TG_SINGLE_RESCALE_BLOCK(scale)                                                                                 \
    TG_SINGLE_RESCALE("r8", TG_SINGLE_EVEN, scale)                                                                     \
    TG_SINGLE_RESCALE("r9", TG_SINGLE_UNEVEN, scale)                                                                   \
    TG_SINGLE_RESCALE("r10", TG_SINGLE_EVEN, scale)                                                                    \
    TG_SINGLE_RESCALE("r11", TG_SINGLE_UNEVEN, scale)

/* The same with a requant of its own, `at` bytes behind r6. */
#define TG_SINGLE_RESCALE_BY(at, x, double_it) \
    "ldr r2, [r6, #" at "]\n" \
    "ldr r3, [r6, #" at "+4]\n" \
    "ldr r4, [sp, #40]\n" \
    "lsl r4, r4, r3\n" \
    TG_SINGLE_RESCALE(x, double_it, TG_SINGLE_SCALE_ANY)

/* With a zero point of -128, as after a ReLU, all negative products become -128, whichever way they are rounded. */
#if TG_ROUNDING_SINGLE || TG_SMALL
#define TG_SINGLE_KIND
#define TG_SINGLE_RESCALE_ALL \
    "cmp r6, #0\n" \
    "bne.w 6f\n" \
    TG_SINGLE_RESCALE_BLOCK(TG_SINGLE_SCALE_ANY)
#define TG_SINGLE_OTHERWISE
#else
/* -1 where that is so and all share a requant, 0 where only they do */
#define TG_SINGLE_KIND \
    "lsl r7, r7, #1\n" \
    "cmn r10, #255\n" \
    "it eq\n" \
    "subeq r7, r7, #1\n"
#define TG_SINGLE_RESCALE_ALL \
    "cmp r6, #0\n" \
    "bgt.w 6f\n" \
    "beq.w 8f\n" \
    TG_SINGLE_RESCALE_BLOCK(TG_SINGLE_SCALE)
#define TG_SINGLE_OTHERWISE \
    "8:\n" \
    TG_SINGLE_RESCALE_BLOCK(TG_SINGLE_SCALE_ANY) \
    "b.w 3b\n"
#endif

/* All filters' outputs for `bytes` bytes of a patch, a multiple of 4 and not 0. With a null output the sums are stored
   where they begin, which then is RAM. In its loop r0 is the patch, r1 the weights, r2 .. r7 what is multiplied,
   r8 .. r11 the sums, r12 the patch's end, lr where the first turn begins; the rest is on the stack. */
TG_ONE_COPY void tg_multiply_single(const tg_filter_blocks *k, const int8_t *patch, int8_t *output, int32_t bytes) {
    register const tg_filter_blocks *filters __asm__("r0") = k;
    register const int8_t *from __asm__("r1") = patch;
    register int8_t *to __asm__("r2") = output;
    register int32_t count __asm__("r3") = bytes;
    __asm__ volatile(
        "push {r7}\n" /* may be the frame pointer, which must not be named as lost */
        "ldmia r0, {r4-r10}\n"
        TG_SINGLE_KIND
        "rsb r11, r3, #0\n"
        /* so much later than a turn the first turn begins, and so much too early patch .. */
        "and r11, r11, #" TG_SINGLE_MASK "\n"
        "sub r9, r9, r3\n"
        "subs r1, r1, #4\n" /* and both 4 less than what is read next */
        "subs r4, r4, #4\n"
        "add r12, r1, r3\n"
        "ldr r0, [r6]\n"
        "ldr r3, [r6, #4]\n"
        "sub r9, r9, r11\n"
        "lsl r9, r9, #2\n" /* from the end of a block's weights to where the next one's are to begin */
        "sub r1, r1, r11\n"
        "lsl lr, r10, r3\n"
        /* multiplier, patch, output, shift, -, sums, requant, kind, filters, r9, rounding, addend */
        "push {r0-r10, lr}\n"
        "sub r1, r4, r11, lsl #2\n" /* .. and weights */
        "adr.w lr, 2f\n"
        "add r11, r11, r11, lsl #5\n" /* 66 bytes of code per 4 of the patch */
        "add lr, lr, r11, lsr #1\n"
        "orr lr, lr, #1\n"
        "1:\n" /* a block */
        "ldr r2, [sp, #20]\n"
        "ldr r0, [sp, #4]\n"
        "ldmia r2!, {r8-r11}\n"
        "str r2, [sp, #20]\n"
        "bx lr\n"
        ".p2align 2\n"
        "2:\n" /* a turn, four bytes of the patch at a time: 66 bytes of code. Loads in a row take one cycle each. */
        ".irp at, " TG_SINGLE_OFFSETS "\n"
        "ldr.n r2, [r0, #\\at+4]\n"
        "ldr.n r4, [r1, #4*\\at+4]\n"
        "ldr.n r5, [r1, #4*\\at+8]\n"
        "ldr.n r6, [r1, #4*\\at+12]\n"
        "ldr.n r7, [r1, #4*\\at+16]\n"
        TG_SINGLE_ADD
        ".endr\n"
        "ldr r2, [r0, #" TG_SINGLE_LAST "+4]!\n"
        "ldr r4, [r1, #4*" TG_SINGLE_LAST "+4]\n"
        "ldr r5, [r1, #4*" TG_SINGLE_LAST "+8]\n"
        "ldr r6, [r1, #4*" TG_SINGLE_LAST "+12]\n"
        "ldr r7, [r1, #4*" TG_SINGLE_LAST "+16]!\n"
        TG_SINGLE_ADD
        "cmp r0, r12\n"
        "bne.w 2b\n"
        "ldr r0, [sp, #36]\n"
        "ldr r2, [sp, #0]\n"
        "ldr r3, [sp, #12]\n"
        "ldr r4, [sp, #44]\n"
        "ldr r5, [sp, #8]\n"
        "ldr r6, [sp, #28]\n"
        "ldr r7, [sp, #32]\n"
        "add r1, r1, r0\n"
        "cmp r5, #0\n"
        "beq.w 5f\n"
        "sub r9, r9, r8\n"
        "sub r11, r11, r10\n"
        TG_SINGLE_RESCALE_ALL
        "3:\n" /* four outputs, fewer if the last block lacks filters */
        "subs r7, r7, #4\n"
        "strb r8, [r5], #4\n"
        "blt 4f\n"
        "strb r9, [r5, #-3]\n"
        "strb r10, [r5, #-2]\n"
        "strb r11, [r5, #-1]\n"
        "str r5, [sp, #8]\n"
        "str r7, [sp, #32]\n"
        "bne.w 1b\n"
        "b.w 7f\n"
        "4:\n"
        "adds r7, r7, #2\n"
        "blt.w 7f\n"
        "strb r9, [r5, #-3]\n"
        "beq.w 7f\n"
        "strb r10, [r5, #-2]\n"
        "b.w 7f\n"
        "5:\n" /* sums instead of outputs */
        "ldr r0, [sp, #20]\n"
        "stmdb r0, {r8-r11}\n"
        "subs r7, r7, #4\n"
        "str r7, [sp, #32]\n"
        "bgt.w 1b\n"
        "b.w 7f\n"
        "6:\n" /* a requant for each filter */
        "ldr r6, [sp, #24]\n"
        TG_SINGLE_RESCALE_BY("0", "r8", TG_SINGLE_EVEN)
        TG_SINGLE_RESCALE_BY("8", "r9", TG_SINGLE_UNEVEN)
        TG_SINGLE_RESCALE_BY("16", "r10", TG_SINGLE_EVEN)
        TG_SINGLE_RESCALE_BY("24", "r11", TG_SINGLE_UNEVEN)
        "add r6, r6, #32\n"
        "str r6, [sp, #24]\n"
        "b.w 3b\n"
        TG_SINGLE_OTHERWISE
        "7:\n"
        "add sp, sp, #48\n"
        "pop {r7}\n"
        : "+r"(filters), "+r"(from), "+r"(to), "+r"(count)
        :
        : "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "memory", "cc");
}
/* clang-format on */
#else
TG_ONE_COPY void tg_multiply_single(const tg_filter_blocks *k, const int8_t *patch, int8_t *output, int32_t bytes) {
    for (int32_t f = 0; f < k->filters; f += 4) {
        const int32_t count = k->filters - f < 4 ? k->filters - f : 4;
        uint32_t sums[4];
        for (int32_t i = 0; i < 4; i++) {
            sums[i] = (uint32_t)k->sums[f + i];
        }
        tg_block_add(patch, k->weights + f * k->depth, bytes, sums);
        if (output) {
            tg_block_store(tg_block_requant(k, f / 4), k->requant_step, k->rounding, count, sums, output + f);
            continue;
        }
        for (int32_t i = 0; i < 4; i++) {
            ((int32_t *)(uintptr_t)k->sums)[f + i] = (int32_t)sums[i];
        }
    }
}
#endif

#endif
