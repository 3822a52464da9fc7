/* SMLAD on channel planes: strips of four channels are taken apart into pairs of rows, int16, so that one load brings
   two taps of two rows of outputs, and the nine weights stay in registers for both rows of a channel. */
#include "tg_depthwise_conv_2d_3x3_s8.h"
#include "tg_dsp_stage.h"

/* A plane of the strip, two rows of the image: [columns][4 channels]. */
enum { COLUMN = 4, PLANES = 3 };

/* What rows_stride_1 and rows_stride_2 work on; the assembly knows the order. */
typedef struct {
    uint32_t *planes[PLANES]; /* from the top; stride 1 has two */
    int8_t *out;              /* the first output */
    const int8_t *last;       /* the last one of the first channel; of stride 1 the last but one */
    int32_t below;            /* bytes to the output below, which is computed first: 0 if only one counts */
    int32_t step;             /* from one output to the next */
    int32_t rounding;
    int32_t plane_back;      /* from the end of a channel to the next one's beginning, in a plane */
    int32_t out_back;        /* and in the output */
    const int32_t *channels; /* the first of the four */
    const int32_t *end;      /* of the four channels */
} rows_work;

typedef void compute_rows(const rows_work *work);

#if TG_HAS_DSP
/* On the stack: a channel's addend and what follows its weights, then what is left of rows_work. */
#define ADDEND "#0"
#define SHIFT "#4"
#define BIAS "#8"
#define MULTIPLIER "#12"
#define OUT "#16"
#define LAST "#20"
#define BELOW "#24"
#define STEP "#28"
#define ROUNDING "#32"
#define PLANE_BACK "#36"
#define OUT_BACK "#40"
#define CHANNELS "#44"
#define END "#48"

/* clang-format off */

/* What scales a sum by r0 and adds r1. Where the zero point is -128, as after a ReLU, all negative products become
   -128, whichever way they are rounded. */
#if TG_ROUNDING_SINGLE
#define SCALE(x) "smmla " x ", " x ", r0, r1\n"
#else
#define SCALE(x) "smmlar " x ", " x ", r0, r1\n"
#define SCALE_ANY(x) \
    "smmulr " x ", " x ", r0\n" \
    "add " x ", " x ", " x ", asr #31\n" \
    "add " x ", " x ", r1\n"
#endif

#define LOAD_2(how) \
    "ldr r0, [r10" how "\n" \
    "ldr r1, [r11" how "\n"
#define LOAD_3(how) \
    LOAD_2(how) \
    "ldr r12, [lr" how "\n"
/* Whether instructions for the lower of two rows are there. */
#define TWO(text) text
#define ONE(text)

/* The sums of an output and of the one below over a column of the window. Of its weights w10 holds 1, which is the
   lower half, and 0; w12 holds 1 and 2. */
#define COLUMN_1(lower_row, upper, lower, from_upper, from_lower, w10, w12) \
    "smladx " upper ", r0, " w10 ", " from_upper "\n" \
    lower_row("smlatt " lower ", r0, " w10 ", " from_lower "\n") \
    "smlabt " upper ", r1, " w12 ", " upper "\n" \
    lower_row("smlad " lower ", r1, " w12 ", " lower "\n")
#define COLUMN_2(lower_row, from_upper, w10, w12) \
    "smladx r2, r0, " w10 ", " from_upper "\n" \
    lower_row("smladx r3, r1, " w10 ", r3\n") \
    "smlabt r2, r1, " w12 ", r2\n" \
    lower_row("smlabt r3, r12, " w12 ", r3\n")

/* Scales the sums of a column of outputs, and stores them. */
#define STORE_COLUMN(scale, lower_row, below) \
    "ldr r0, [sp, " MULTIPLIER "]\n" \
    "ldr r1, [sp, " ADDEND "]\n" \
    scale("r2") \
    lower_row(scale("r3")) \
    "ldr r0, [sp, " SHIFT "]\n" \
    "ldr r1, [sp, " OUT "]\n" \
    lower_row("ldr " below ", [sp, " BELOW "]\n") \
    "asr r2, r2, r0\n" \
    lower_row( \
        "asr r3, r3, r0\n" \
        "ssat r3, #8, r3, asr #1\n" \
        "strb r3, [r1, " below "]\n") \
    "ssat r2, #8, r2, asr #1\n" \
    "strb r2, [r1]\n" \
    "ldr r2, [sp, " STEP "]\n" \
    "ldr r3, [sp, " LAST "]\n" \
    "add r1, r1, r2\n"

/* Two columns of outputs at a time, then the last of an odd number; two columns at least. */
#define BODY_1(scale, lower_row) \
    "2:\n" \
    LOAD_2("], #32") \
    "ldr lr, [sp, " BIAS "]\n" \
    COLUMN_1(lower_row, "r2", "r3", "lr", "lr", "r4", "r5") \
    LOAD_2(", #-16]") \
    COLUMN_1(lower_row, "r2", "r3", "r2", "r3", "r6", "r7") \
    COLUMN_1(lower_row, "r12", "lr", "lr", "lr", "r4", "r5") \
    LOAD_2("]") \
    COLUMN_1(lower_row, "r2", "r3", "r2", "r3", "r8", "r9") \
    COLUMN_1(lower_row, "r12", "lr", "r12", "lr", "r6", "r7") \
    LOAD_2(", #16]") \
    COLUMN_1(lower_row, "r12", "lr", "r12", "lr", "r8", "r9") \
    "ldr r0, [sp, " MULTIPLIER "]\n" \
    "ldr r1, [sp, " ADDEND "]\n" \
    scale("r2") \
    lower_row(scale("r3")) \
    scale("r12") \
    lower_row(scale("lr")) \
    "ldr r0, [sp, " SHIFT "]\n" \
    "ldr r1, [sp, " OUT "]\n" \
    "asr r2, r2, r0\n" \
    lower_row("asr r3, r3, r0\n") \
    "asr r12, r12, r0\n" \
    lower_row( \
        "asr lr, lr, r0\n" \
        "ldr r0, [sp, " BELOW "]\n" \
        "ssat r3, #8, r3, asr #1\n" \
        "strb r3, [r1, r0]\n") \
    "ssat r2, #8, r2, asr #1\n" \
    "strb r2, [r1]\n" \
    "ldr r2, [sp, " STEP "]\n" \
    "ldr r3, [sp, " LAST "]\n" \
    "add r1, r1, r2\n" \
    lower_row( \
        "ssat lr, #8, lr, asr #1\n" \
        "strb lr, [r1, r0]\n") \
    "ssat r12, #8, r12, asr #1\n" \
    "strb r12, [r1]\n" \
    "add r1, r1, r2\n" \
    "str r1, [sp, " OUT "]\n" \
    "cmp r1, r3\n" \
    "bls 2b\n" \
    "add r3, r3, r2\n" \
    "cmp r1, r3\n" \
    "bne 3f\n" \
    LOAD_2("], #16") \
    "ldr r3, [sp, " BIAS "]\n" \
    COLUMN_1(lower_row, "r2", "r3", "r3", "r3", "r4", "r5") \
    LOAD_2("]") \
    COLUMN_1(lower_row, "r2", "r3", "r2", "r3", "r6", "r7") \
    LOAD_2(", #16]") \
    COLUMN_1(lower_row, "r2", "r3", "r2", "r3", "r8", "r9") \
    STORE_COLUMN(scale, lower_row, "r12") \
    "3:\n"

/* A column at a time. */
#define BODY_2(scale, lower_row) \
    "2:\n" \
    LOAD_3("], #32") \
    "ldr r3, [sp, " BIAS "]\n" \
    COLUMN_2(lower_row, "r3", "r4", "r5") \
    LOAD_3(", #-16]") \
    COLUMN_2(lower_row, "r2", "r6", "r7") \
    LOAD_3("]") \
    COLUMN_2(lower_row, "r2", "r8", "r9") \
    STORE_COLUMN(scale, lower_row, "r12") \
    "str r1, [sp, " OUT "]\n" \
    "cmp r1, r3\n" \
    "bls 2b\n"

/* Two rows of outputs of four channels, or one. All registers are taken: r0 .. r3, r12, lr values and sums, though with
   stride 2 lr is the third plane, r4 .. r9 the weights of the window's columns, r10, r11 planes; `work` is copied to
   the stack.
 */
#define ROWS(name, body, third_back) \
    TG_NEVER_INLINE void name(const rows_work *work) { \
        register const rows_work *from __asm__("r0") = work; \
        __asm__ volatile( \
            "push {r7}\n" /* may be the frame pointer, which must not be named as lost */ \
            "ldmia r0!, {r10, r11, lr}\n" \
            "ldm r0, {r1-r6, r8, r9, r12}\n" \
            "push {r1-r6, r8, r9, r12}\n" \
            "sub sp, sp, #16\n" \
            "mov r0, r9\n" \
            "1:\n" /* a channel */ \
            "ldmia.w r0!, {r2-r4, r6, r8, r12}\n" \
            "sbfx r5, r2, #8, #8\n" \
            "sbfx r7, r2, #16, #8\n" \
            "asr r9, r2, #24\n" \
            "pkhbt r5, r4, r5, lsl #17\n" /* weights 1 and 2 from 1 and 0, and 2 */ \
            "pkhbt r7, r6, r7, lsl #17\n" \
            "pkhbt r9, r8, r9, lsl #17\n" \
            "ldr r1, [sp, " ROUNDING "]\n" \
            "lsl r1, r1, r2\n" \
            "stm sp, {r1-r3, r12}\n" \
            "str r0, [sp, " CHANNELS "]\n" \
            body \
            "ldr r0, [sp, " PLANE_BACK "]\n" \
            "ldr r2, [sp, " OUT_BACK "]\n" \
            "ldr r3, [sp, " LAST "]\n" \
            "sub r10, r10, r0\n" \
            "sub r11, r11, r0\n" \
            third_back \
            "sub r1, r1, r2\n" \
            "add r3, r3, #1\n" \
            "str r1, [sp, " OUT "]\n" \
            "str r3, [sp, " LAST "]\n" \
            "ldr r0, [sp, " CHANNELS "]\n" \
            "ldr r2, [sp, " END "]\n" \
            "cmp r0, r2\n" \
            "bne 1b\n" \
            "add sp, sp, #52\n" \
            "pop {r7}\n" \
            : "+r"(from) \
            : \
            : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "memory", "cc"); \
    }
/* clang-format on */

ROWS(rows_stride_1, BODY_1(SCALE, TWO), "")
ROWS(row_stride_1, BODY_1(SCALE, ONE), "")
ROWS(rows_stride_2, BODY_2(SCALE, TWO), "sub lr, lr, r0\n")
#if !TG_ROUNDING_SINGLE
ROWS(rows_stride_1_any, BODY_1(SCALE_ANY, TWO), "")
ROWS(row_stride_1_any, BODY_1(SCALE_ANY, ONE), "")
ROWS(rows_stride_2_any, BODY_2(SCALE_ANY, TWO), "sub lr, lr, r0\n")
#endif
#else
static void rows_any(const rows_work *work, int32_t stride) {
    const int32_t further = stride == 1 ? 2 : 1; /* columns of outputs from the last on */
    for (int32_t i = 0; i < 4; i++) {
        const int32_t *channel = work->channels + i * TG_CHANNEL_3X3;
        const tg_doubled by = tg_doubled_3x3(channel, work->rounding);
        uint32_t weights[6];
        for (int32_t k = 0; k < 3; k++) {
            weights[2 * k] = (uint32_t)channel[TG_WEIGHTS_3X3 + k];
            weights[2 * k + 1] = tg_pkhbt_lsl16(weights[2 * k], (uint32_t)tg_weight_2_3x3(channel, k));
        }
        int32_t at = i;
        for (int8_t *out = work->out; out < work->last + further * work->step; out += work->step) {
            int32_t upper = channel[TG_BIAS_3X3], lower = upper;
            for (int32_t k = 0; k < 3; k++) {
                const uint32_t w10 = weights[2 * k], w12 = weights[2 * k + 1];
                const uint32_t first = work->planes[0][at + k * COLUMN], second = work->planes[1][at + k * COLUMN];
                upper = tg_smlabt(second, w12, tg_smladx(first, w10, upper));
                if (stride == 1) {
                    lower = tg_smlad(second, w12, tg_smlatt(first, w10, lower));
                } else {
                    lower = tg_smlabt(work->planes[2][at + k * COLUMN], w12, tg_smladx(second, w10, lower));
                }
            }
            out[i + work->below] = tg_doubled_store(lower, by);
            out[i] = tg_doubled_store(upper, by);
            at += stride * COLUMN;
        }
    }
}

static void rows_stride_1(const rows_work *work) {
    rows_any(work, 1);
}

static void row_stride_1(const rows_work *work) {
    rows_any(work, 1);
}

static void rows_stride_2(const rows_work *work) {
    rows_any(work, 2);
}
#endif

#if TG_HAS_DSP
/* A column of four channels, two rows of it, whose words are x and y. */
#define PUT_COLUMN(x, y)                                                                                               \
    "pkhbt %[z], " x ", " y ", lsl #16\n"                                                                              \
    "pkhtb " y ", " y ", " x ", asr #16\n"                                                                             \
    "sxtb16 " x ", %[z]\n"                                                                                             \
    "sxtb16 %[z], %[z], ror #8\n"                                                                                      \
    "str " x ", [%[to]], #16\n"                                                                                        \
    "sxtb16 " x ", " y "\n"                                                                                            \
    "sxtb16 " y ", " y ", ror #8\n"                                                                                    \
    "str %[z], [%[to], #-12]\n"                                                                                        \
    "str " x ", [%[to], #-8]\n"                                                                                        \
    "str " y ", [%[to], #-4]\n"
#else
/* A column of four channels, two rows of it. */
TG_ALWAYS_INLINE void put_column(uint32_t a, uint32_t b, uint32_t *to) {
    const uint32_t low = tg_pkhbt_lsl16(a, b), high = tg_pkhtb_asr16(b, a);
    to[0] = tg_sxtb16(low);
    to[1] = tg_sxtb16_ror8(low);
    to[2] = tg_sxtb16(high);
    to[3] = tg_sxtb16_ror8(high);
}
#endif

/* Columns that lie inside the image, `a_step` and `b_step` bytes apart in the upper and in the lower row; columns > 0.
 */
TG_ALWAYS_INLINE void put_columns(const int8_t *a, int32_t a_step, const int8_t *b, int32_t b_step, int32_t columns,
                                  uint32_t *to) {
#if TG_HAS_DSP
    uint32_t x, y, z, v, w;
    /* clang-format off */
    /* loads that follow each other take one cycle each; compilers move them apart */
    __asm__ volatile(
        "lsrs %[columns], %[columns], #1\n"
        "bcc 1f\n"
        "ldr %[x], [%[a]]\n"
        "ldr %[y], [%[b]]\n"
        "add.w %[a], %[a], %[a_step]\n"
        "add.w %[b], %[b], %[b_step]\n"
        PUT_COLUMN("%[x]", "%[y]")
        "beq 2f\n"
        "1:\n"
        "ldr %[x], [%[a]]\n"
        "ldr %[y], [%[b]]\n"
        "ldr %[v], [%[a], %[a_step]]\n"
        "ldr %[w], [%[b], %[b_step]]\n"
        "add %[a], %[a], %[a_step], lsl #1\n"
        "add %[b], %[b], %[b_step], lsl #1\n"
        PUT_COLUMN("%[x]", "%[y]")
        PUT_COLUMN("%[v]", "%[w]")
        "subs %[columns], %[columns], #1\n"
        "bne 1b\n"
        "2:\n"
        : [a] "+&r"(a), [b] "+&r"(b), [to] "+&r"(to), [columns] "+&r"(columns), [x] "=&r"(x), [y] "=&r"(y),
          [z] "=&r"(z), [v] "=&r"(v), [w] "=&r"(w)
        : [a_step] "r"(a_step), [b_step] "r"(b_step)
        : "memory", "cc");
    /* clang-format on */
#else
    for (; columns > 0; columns--, a += a_step, b += b_step, to += COLUMN) {
        put_column(tg_load_word(a), tg_load_word(b), to);
    }
#endif
}

/* A strip of outputs. Columns of its planes that are outside the image hold zero points from the beginning. */
typedef struct {
    const int8_t *input; /* the first row's first column under the strip that is inside */
    int32_t image_row;   /* the image's first one, in a batch */
    int32_t inside;      /* columns, at least one */
    int32_t before;      /* words of a plane before them */
    int32_t plane;       /* words */
    int32_t y;           /* the first row of the output, in its image */
    int32_t pixels;      /* columns of the output */
    int32_t step;        /* bytes from one column to the next */
    int8_t zeros[4];
} strip_columns;

static strip_columns columns_of(const tg_depthwise_conv_2d_3x3_s8_params *p, const int8_t *input, int32_t x,
                                int32_t y) {
    const int32_t rest = p->window.output_w - x, pixels = rest < p->strip ? rest : p->strip;
    const int32_t left = x * p->window.stride_w - p->window.pad_left, columns = (pixels - 1) * p->window.stride_w + 3;
    const int32_t before = left < 0 ? -left : 0, first = left + before, room = p->window.input_w - first;
    const int32_t inside = columns - before < room ? columns - before : room;
    const int8_t zero = (int8_t)p->input_zero_point;
    const strip_columns c = {input + first * p->input_c, 0, inside, before * COLUMN,
                             columns * COLUMN,           y, pixels, p->input_c,
                             {zero, zero, zero, zero}};
    return c;
}

/* Two rows of the image under the strip; the strip's zeros where a row is outside. */
typedef struct {
    const int8_t *upper, *lower;
} plane_rows;

static plane_rows rows_from(const tg_depthwise_conv_2d_3x3_s8_params *p, const strip_columns *c, int32_t y) {
    const uint32_t height = (uint32_t)p->window.input_h;
    plane_rows rows = {c->zeros, c->zeros};
    if ((uint32_t)y < height) {
        rows.upper = tg_row(c->input, p->input, c->image_row + y);
    }
    if ((uint32_t)(y + 1) < height) {
        rows.lower = tg_row(c->input, p->input, c->image_row + y + 1);
    }
    return rows;
}

/* Fills a plane with four channels. */
TG_NEVER_INLINE void put_rows(const plane_rows *rows, const strip_columns *c, int32_t channel, uint32_t *plane) {
    const int32_t above = rows->upper != c->zeros, below = rows->lower != c->zeros;
    put_columns(rows->upper + above * channel, above * c->step, rows->lower + below * channel, below * c->step,
                c->inside, plane + c->before);
}

/* The function for the stride, the zero point and the number of rows; with stride 2 one row is computed like two. */
static compute_rows *compute_for(const tg_depthwise_conv_2d_3x3_s8_params *p, int32_t rows) {
    const int32_t stride = p->window.stride_h;
#if TG_HAS_DSP && !TG_ROUNDING_SINGLE
    if (p->rounding != -255) {
        return stride == 2 ? rows_stride_2_any : rows == 2 ? rows_stride_1_any : row_stride_1_any;
    }
#endif
    return stride == 2 ? rows_stride_2 : rows == 2 ? rows_stride_1 : row_stride_1;
}

/* Outputs of one row or two under each other, and what is above them. */
typedef struct {
    plane_rows rows[PLANES];
    int8_t *out;
    int32_t below;
    int32_t count;  /* of rows */
    int32_t planes; /* that have to be filled before */
} turn;

/* The turn that begins with output row r, row y of its image; filled: planes that are there already. */
static void prepare(const tg_depthwise_conv_2d_3x3_s8_params *p, const strip_columns *c, int8_t *output, int32_t r,
                    int32_t y, int32_t end, int32_t filled, turn *t) {
    const tg_window *w = &p->window;
    t->count = r + 1 < end && y + 1 < w->output_h ? 2 : 1;
    t->planes = t->count == 1 ? 2 : w->stride_h + 1;
    for (int32_t i = filled; i < t->planes; i++) {
        t->rows[i] = rows_from(p, c, y * w->stride_h - w->pad_top + 2 * i);
    }
    t->out = tg_output_row(output, p->output, r);
    t->below = t->count == 2 ? (int32_t)(tg_output_row(output, p->output, r + 1) - t->out) : 0;
}

/* Four channels of a strip, from `channel` on, whose words begin at `channels`. */
static void compute_4(const tg_depthwise_conv_2d_3x3_s8_params *p, strip_columns *c, const turn *start, int32_t channel,
                      const int32_t *channels, int8_t *output, int32_t first, int32_t count, uint32_t *strip) {
    const tg_window *w = &p->window;
    const int32_t stride = w->stride_h, output_h = w->output_h, step = p->input_c, pixels = c->pixels;
    const int32_t to_last = (stride == 1 ? pixels - 2 : pixels - 1) * step, end = first + count;
    rows_work work = {{strip, strip + c->plane, strip + 2 * c->plane},
                      0,
                      0,
                      0,
                      step,
                      p->rounding,
                      4 * (COLUMN * stride * pixels - 1),
                      pixels * step - 1,
                      channels,
                      channels + 4 * TG_CHANNEL_3X3};
    int32_t y = c->y, filled = 0;
    turn later;
    for (const turn *t = start;; t = &later) {
        for (; filled < t->planes; filled++) {
            put_rows(&t->rows[filled], c, channel, work.planes[filled]);
        }
        work.out = t->out + channel;
        work.last = work.out + to_last;
        work.below = t->below;
        compute_for(p, t->count)(&work);
        first += t->count;
        if (first >= end) {
            return;
        }
        y += t->count;
        uint32_t *last = work.planes[stride]; /* is the next one's first */
        work.planes[stride] = work.planes[0];
        work.planes[0] = last;
        filled = 1;
        if (y == output_h) {
            y = filled = 0;
            c->image_row += w->input_h;
        }
        prepare(p, c, output, first, y, end, filled, &later);
    }
}

void tg_depthwise_conv_2d_3x3_s8(const tg_depthwise_conv_2d_3x3_s8_params *p, const int8_t *input, int8_t *output,
                                 int32_t first, int32_t count, void *scratch) {
    const tg_window *w = &p->window;
    uint32_t *strip = (uint32_t *)scratch;
    for (int32_t x = 0; x < w->output_w; x += p->strip) {
        strip_columns columns = columns_of(p, input, x, first % w->output_h);
        const int32_t words = (w->stride_h + 1) * columns.plane, image_row = first / w->output_h * w->input_h;
        const uint32_t two_zeros = tg_sxtb16(tg_load_word(columns.zeros));
        int8_t *under = output + x * p->input_c;
        turn start;
        columns.image_row = image_row;
        prepare(p, &columns, under, first, columns.y, first + count, 0, &start);
        for (uint32_t *plane = strip; plane != strip + words; plane += columns.plane) {
            for (int32_t i = 0; i < columns.before; i++) {
                plane[i] = two_zeros;
            }
            for (int32_t i = columns.before + columns.inside * COLUMN; i < columns.plane; i++) {
                plane[i] = two_zeros;
            }
        }
        for (int32_t filter = 0; filter < p->input_c; filter += 4) {
            const int32_t left = p->input_c - filter, channel = left < 4 ? p->input_c - 4 : filter; /* may overlap */
            const int32_t *channels = p->channels + channel * TG_CHANNEL_3X3;
            if (p->is_staged) {
                tg_stage(channels, 4 * TG_CHANNEL_3X3, strip + words);
                channels = (const int32_t *)(strip + words);
            }
            columns.image_row = image_row;
            compute_4(p, &columns, &start, channel, channels, under, first, count, strip);
        }
    }
}
