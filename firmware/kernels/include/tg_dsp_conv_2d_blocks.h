/* SMLAD: the patches of two pixels are expanded to int16 once for all blocks; a last odd pixel stays int8.
   TG_PATCH_SUMS is 1 where a patch ends with a word of its own sums, as tg_conv_2d_blocks_u8.h says, else 0. */
#ifndef TG_DSP_CONV_2D_BLOCKS_H
#define TG_DSP_CONV_2D_BLOCKS_H

#include "tg_conv_2d_blocks_s8.h"
#include "tg_dsp_pair.h"
#if !TG_SMALL
#if !TG_PATCH_SUMS
#include "tg_dsp_single.h"
#endif
#include "tg_dsp_stage.h"
#endif

/* The input rows under an output row. */
typedef struct {
    const int8_t *first; /* of those inside the image */
    const int8_t *end;   /* of the ring */
    int32_t step;        /* bytes from one to the next, but for the ring's end */
    int32_t ring_bytes;
    int32_t above, inside, below; /* how many */
} rows;

/* What is the same for all pixels. */
typedef struct {
    int32_t words; /* of a row of the patch */
    int32_t width; /* bytes of a row of the input */
    int32_t channels;
    int8_t zeros[4]; /* the input's zero point */
} geometry;

static rows rows_under(const tg_conv_2d_blocks_s8_params *p, const int8_t *input, int32_t r) {
    const tg_window *w = &p->window;
    const int32_t top = r % w->output_h * w->stride_h - w->pad_top, image_row = r / w->output_h * w->input_h;
    rows under = {input,
                  input + p->input.height * p->input.stride,
                  w->dilation_h % p->input.height * p->input.stride,
                  p->input.height * p->input.stride,
                  0,
                  0,
                  0};
    for (int32_t k = 0; k < w->kernel_h; k++) {
        const int32_t y = top + k * w->dilation_h;
        if (y < 0) {
            under.above++;
        } else if (y >= w->input_h) {
            under.below++;
        } else if (under.inside++ == 0) {
            under.first = tg_row(input, p->input, image_row + y);
        }
    }
    return under;
}

static inline uint8_t *expand_word(uint32_t word, uint8_t *to) {
    tg_store_word(to, tg_sxtb16(word));
    tg_store_word(to + TG_PAIR_ODD, tg_sxtb16_ror8(word));
    return to + TG_PAIR_STEP;
}

/* Expands words of a row into the patch at `to`, and says where it goes on. */
TG_NEVER_INLINE uint8_t *put_words(const int8_t *from, int32_t words, uint8_t *to) {
    if (words & 1) {
        to = expand_word(tg_load_word(from), to);
        from += 4;
    }
#if TG_HAS_DSP
    if (words > 1) {
        const int8_t *end = from + 4 * (words & ~1);
        uint32_t x, y, z, v;
        __asm__ volatile(/* loads that follow each other take one cycle each; compilers move them apart */
                         "1:\n"
                         "ldr %[x], [%[from]], #4\n"
                         "ldr %[y], [%[from]], #4\n"
                         "sxtb16 %[z], %[x]\n"
                         "sxtb16 %[x], %[x], ror #8\n"
                         "sxtb16 %[v], %[y]\n"
                         "sxtb16 %[y], %[y], ror #8\n"
                         "str %[x], [%[to], #8]\n"
                         "str %[v], [%[to], #16]\n"
                         "str %[y], [%[to], #24]\n"
                         "str %[z], [%[to]], #32\n"
                         "cmp %[from], %[end]\n"
                         "bne 1b\n"
                         : [from] "+&r"(from), [to] "+&r"(to), [x] "=&r"(x), [y] "=&r"(y), [z] "=&r"(z), [v] "=&r"(v)
                         : [end] "r"(end)
                         : "memory", "cc");
    }
#else
    for (words >>= 1; words > 0; words--, from += 8) {
        to = expand_word(tg_load_word(from + 4), expand_word(tg_load_word(from), to));
    }
#endif
    return to;
}

TG_NEVER_INLINE uint8_t *put_zeros(const geometry *g, int32_t words, uint8_t *to) {
    const uint32_t zeros = tg_sxtb16(tg_load_word(g->zeros));
    for (; words > 0; words--, to += TG_PAIR_STEP) {
        tg_store_word(to, zeros);
        tg_store_word(to + TG_PAIR_ODD, zeros);
    }
    return to;
}

/* The word at byte `begin` of a row, zero points where that is outside. */
static uint32_t edge_word(const geometry *g, const int8_t *row, int32_t begin) {
    const int32_t width = g->width;
    const uint32_t zeros = tg_load_word(g->zeros);
    if (!TG_SMALL && width >= 4 && begin > -4 && begin < width) {
        const int32_t left = begin < 0 ? -8 * begin : 0, over = begin + 4 - width, right = over > 0 ? 8 * over : 0;
        const uint32_t mask = UINT32_MAX << left & UINT32_MAX >> right; /* what is inside: not both ends are outside */
        const uint32_t word = tg_load_word(row + (begin < 0 ? 0 : over > 0 ? width - 4 : begin));
        return word << left >> right | (zeros & ~mask);
    }
    int8_t four[4];
    for (int32_t i = 0; i < 4; i++, begin++) {
        four[i] = begin >= 0 && begin < width ? row[begin] : g->zeros[0];
    }
    return tg_load_word(four);
}

/* A row of the patch of which words begin or end outside. */
TG_NEVER_INLINE uint8_t *put_edge(const geometry *g, const int8_t *row, int32_t begin, uint8_t *to) {
    for (int32_t words = g->words; words > 0; words--, begin += 4) {
        to = expand_word(edge_word(g, row, begin), to);
    }
    return to;
}

/* The patch whose rows begin at byte `begin` of the input's rows, zero points outside the image. */
TG_NEVER_INLINE void gather_any(const geometry *g, const rows *under, int32_t begin, uint8_t *to) {
    const int32_t words = g->words, over = begin + 4 * words - g->width;
    /* words are in or out */
    const int is_whole = !TG_SMALL && (g->channels & 3) == 0 && over < 4 * words && begin > -4 * words;
    const int32_t left = !TG_SMALL && begin < 0 ? -begin >> 2 : 0, right = !TG_SMALL && over > 0 ? over >> 2 : 0;
    const int8_t *row = under->first;
    to = under->above > 0 ? put_zeros(g, under->above * words, to) : to;
    for (int32_t k = under->inside; k > 0; k--) {
        if (is_whole || (begin >= 0 && over <= 0)) {
            to = left > 0 ? put_zeros(g, left, to) : to;
            to = put_words(row + begin + 4 * left, words - left - right, to);
            to = right > 0 ? put_zeros(g, right, to) : to;
        } else {
            to = put_edge(g, row, begin, to);
        }
        row += under->step;
        row -= row >= under->end ? under->ring_bytes : 0;
    }
    if (under->below > 0) {
        put_zeros(g, under->below * words, to);
    }
}

#if !TG_SMALL
TG_ALWAYS_INLINE const int8_t *row_below(const int8_t *row, const int8_t *end, int32_t step, int32_t ring_bytes) {
    row += step;
    return row >= end ? row - ring_bytes : row;
}

/* One patch of a pair some of whose words begin or end outside, in all rows at the same places; g->width >= 4. */
TG_NEVER_INLINE void gather_edge(const geometry *g, const rows *under, int32_t begin, uint8_t *to) {
    const int32_t words = g->words, width = g->width, step = under->step, ring_bytes = under->ring_bytes;
    const int32_t rows_inside = under->inside;
    const uint32_t zeros = tg_load_word(g->zeros);
    if (under->above > 0) {
        to = put_zeros(g, under->above * words, to);
    }
    for (int32_t word = 0; word < words; word++, begin += 4, to += TG_PAIR_STEP) {
        const int is_inside = begin > -4 && begin < width;
        const int32_t over = begin + 4 - width;
        const int32_t left = is_inside && begin < 0 ? -8 * begin : 0, right = is_inside && over > 0 ? 8 * over : 0;
        const uint32_t mask = is_inside ? UINT32_MAX << left & UINT32_MAX >> right : 0, fill = zeros & ~mask;
        const int32_t at = begin < 0 ? 0 : over > 0 ? width - 4 : begin;
        const int8_t *row = under->first + at, *end = under->end + at;
        uint8_t *put = to;
        for (int32_t k = rows_inside; k > 0; k--, put += words * TG_PAIR_STEP) {
            expand_word((tg_load_word(row) << left >> right & mask) | fill, put);
            row = row_below(row, end, step, ring_bytes);
        }
    }
    if (under->below > 0) {
        put_zeros(g, under->below * words, to + (rows_inside - 1) * words * TG_PAIR_STEP);
    }
}
#endif

/* One patch of a pair. inside: patches that begin there are not cut to the left or right. */
TG_ALWAYS_INLINE void gather(const geometry *g, const rows *under, int32_t begin, uint32_t inside, uint8_t *to) {
    if ((uint32_t)begin < inside && under->inside == 1 && under->above + under->below == 0) {
        put_words(under->first + begin, g->words, to);
#if !TG_SMALL
    } else if ((uint32_t)begin >= inside && (g->channels & 3) != 0 && g->width >= 4) {
        gather_edge(g, under, begin, to);
#endif
    } else {
        gather_any(g, under, begin, to);
    }
}

#if !TG_SMALL
/* A row of both patches of a pair, `step` bytes apart; says where the patches go on. */
TG_ALWAYS_INLINE uint8_t *expand_both(const int8_t *from, int32_t step, int32_t words, uint8_t *to) {
#if TG_HAS_DSP
    uint32_t x, y, z, v;
    __asm__ volatile("1:\n"
                     "ldr %[y], [%[from], %[step]]\n"
                     "ldr %[x], [%[from]], #4\n"
                     "subs %[words], %[words], #1\n"
                     "sxtb16 %[z], %[x]\n"
                     "sxtb16 %[v], %[y]\n"
                     "sxtb16 %[x], %[x], ror #8\n"
                     "sxtb16 %[y], %[y], ror #8\n"
                     "str %[z], [%[to]], #16\n"
                     "str %[v], [%[to], #-12]\n"
                     "str %[x], [%[to], #-8]\n"
                     "str %[y], [%[to], #-4]\n"
                     "bne 1b\n"
                     : [from] "+&r"(from), [to] "+&r"(to), [words] "+&r"(words), [x] "=&r"(x), [y] "=&r"(y),
                       [z] "=&r"(z), [v] "=&r"(v)
                     : [step] "r"(step)
                     : "memory", "cc");
#else
    for (; words > 0; words--, from += 4, to += TG_PAIR_STEP) {
        expand_word(tg_load_word(from), to);
        expand_word(tg_load_word(from + step), to + TG_PAIR_OTHER);
    }
#endif
    return to;
}

#if !TG_PATCH_SUMS
/* Makes one of a pair of patches the bytes that it was expanded from. */
static void shrink(int32_t depth, uint8_t *patch) {
    const uint8_t *from = patch;
    for (; depth > 0; depth -= 4, from += TG_PAIR_STEP, patch += 4) {
        const uint32_t even = tg_load_word(from) & 0xff00ffu, odd = tg_load_word(from + TG_PAIR_ODD) & 0xff00ffu;
        tg_store_word(patch, even | odd << 8);
    }
}
#endif
#endif

/* Both patches are there but for their sums. */
TG_ALWAYS_INLINE void multiply_both(const tg_pair *pair, int32_t depth, uint8_t *patches) {
#if TG_PATCH_SUMS
    uint32_t sums[4] = {0, 0, 0, 0};
    uint8_t *at = patches, *const end = patches + (depth - 4) / 4 * TG_PAIR_STEP;
    for (; at != end; at += TG_PAIR_STEP) {
        for (int32_t i = 0; i < 4; i++) {
            sums[i] = tg_sadd16(sums[i], tg_load_word(at + 4 * i));
        }
    }
    for (int32_t i = 0; i < 4; i++) {
        tg_store_word(at + 4 * i, sums[i]);
    }
#else
    (void)depth, (void)patches;
#endif
    tg_multiply_pair(pair);
}

#if !TG_SMALL
/* An even number of pixels, not 0, of an output row; columns of their patches, of which the first begin at byte
   `begin`, are all inside the image. pair->a: where the output is. */
TG_NEVER_INLINE void convolve_pairs(tg_pair *pair, const geometry *g, const rows *under, int32_t begin, int32_t step,
                                    int32_t pixels, int32_t depth, uint8_t *patches) {
    const int32_t words = g->words, above = under->above * words, inside = under->inside, filters = pair->filters;
    const int8_t *first = under->first + begin, *end = under->end + begin;
    int8_t *out = pair->a;
    for (int32_t other = 0; above + under->below > 0 && other <= TG_PAIR_OTHER; other += TG_PAIR_OTHER) {
        put_zeros(g, above, patches + other);
        put_zeros(g, under->below * words, patches + other + (above + inside * words) * TG_PAIR_STEP);
    }
    for (; pixels > 0; pixels -= 2) {
        const int8_t *row = first;
        uint8_t *to = patches + above * TG_PAIR_STEP;
        for (int32_t k = inside; k > 0; k--) {
            to = expand_both(row, step, words, to);
            row = row_below(row, end, under->step, under->ring_bytes);
        }
        pair->a = out;
        pair->b = out + filters;
        multiply_both(pair, depth, patches);
        first += 2 * step;
        end += 2 * step;
        out += 2 * filters;
    }
}
#endif

#if TG_SMALL
#define OUT_OF_LINE static
#else
#define OUT_OF_LINE TG_NEVER_INLINE /* compilers keep more of it in registers */
#endif

/* Whether rows of one tap lie one behind the other in both rings, so that they can be taken as one long row. */
static int is_in_line(const tg_conv_2d_blocks_s8_params *p) {
    const tg_window *w = &p->window;
    return !TG_SMALL && w->kernel_h * w->kernel_w * w->stride_h * w->stride_w == 1 && w->output_h == w->input_h &&
           w->output_w == w->input_w && p->input.stride == w->input_w * p->input_c &&
           p->output.stride == w->output_w * p->filters.filters;
}

/* How many do from row `first` on, up to the end of a ring. */
static int32_t rows_in_line(const tg_conv_2d_blocks_s8_params *p, int32_t first, int32_t count) {
    const int32_t in = p->input.height - first % p->input.height, out = p->output.height - first % p->output.height;
    const int32_t least = in < out ? in : out;
    return least < count ? least : count;
}

/* The last pixel of an odd number. */
OUT_OF_LINE void convolve_last(const tg_filter_blocks *k, const geometry *g, const rows *under, int32_t begin,
                               tg_pair *pair, int8_t *out, uint8_t *patches) {
    gather_any(g, under, begin, patches);
#if TG_SMALL || TG_PATCH_SUMS
    gather_any(g, under, begin, patches + TG_PAIR_OTHER); /* as both of a pair */
    pair->a = pair->b = out;
    multiply_both(pair, k->depth, patches);
#else
    (void)pair;
    shrink(k->depth, patches);
    tg_multiply_single(k, (const int8_t *)patches, out, k->depth);
#endif
}

/* Output pixels are taken in pairs, across the ends of rows. */
OUT_OF_LINE void convolve(const tg_conv_2d_blocks_s8_params *p, const tg_filter_blocks *k, const int8_t *input,
                          int8_t *output, int32_t first, int32_t count, uint8_t *patches) {
    const tg_window *w = &p->window;
    const int32_t filters = k->filters, words = (k->depth / 4 - TG_PATCH_SUMS) / w->kernel_h,
                  step = w->stride_w * p->input_c;
    const int32_t in_line = is_in_line(p);
    const int8_t zero_point = (int8_t)p->input_zero_point;
    geometry g = {words, w->input_w * p->input_c, p->input_c, {zero_point, zero_point, zero_point, zero_point}};
    int32_t left = count * w->output_w; /* pixels */
    uint8_t *to = patches;
    tg_pair pair = tg_pair_of(k, patches);
    for (int32_t r = first, lines = 1; r < first + count; r += lines) {
        if (in_line) {
            lines = rows_in_line(p, r, first + count - r);
            g.width = lines * w->input_w * p->input_c;
        }
        const rows under = rows_under(p, input, r);
        /* patches that begin at bytes 0 .. room - 1 of the input's rows are all inside */
        const int32_t room = g.width - 4 * words + 1;
        const uint32_t inside = room > 0 ? (uint32_t)room : 0;
        int8_t *out = tg_output_row(output, p->output, r);
        int32_t at = -w->pad_left * p->input_c;
        for (int32_t x = lines * w->output_w; x > 0 && left > 1;) {
#if !TG_SMALL
            const uint32_t further = (uint32_t)at < inside ? inside - 1 - (uint32_t)at : 0;
            if (to == patches && x > 1 && further >= (uint32_t)step) {
                const int32_t fit = (int32_t)further / step + 1, pixels = (x < fit ? x : fit) & ~1;
                pair.a = out;
                convolve_pairs(&pair, &g, &under, at, step, pixels, k->depth, patches);
                x -= pixels, left -= pixels, at += pixels * step, out += pixels * filters;
                continue;
            }
#endif
            gather(&g, &under, at, inside, to);
            if (to == patches) {
                pair.a = out;
                to = patches + TG_PAIR_OTHER;
            } else {
                pair.b = out;
                multiply_both(&pair, k->depth, patches);
                to = patches;
                left -= 2;
            }
            x--, at += step, out += filters;
        }
        if (left == 1 && r + lines == first + count) {
            convolve_last(k, &g, &under, at, &pair, out, patches);
        }
    }
}

#if !TG_SMALL
/* Moves the filters' arrays to RAM. */
TG_NEVER_INLINE void stage(tg_filter_blocks *k, uint32_t *to) {
    const int32_t filters = (k->filters + 3) & ~3;
    uint32_t *sums = tg_stage(k->weights, filters * k->depth >> 2, to), *requant = tg_stage(k->sums, filters, sums);
    tg_stage(k->requant, k->requant_step > 0 ? 2 * filters : 8, requant);
    k->requant = (const tg_requant *)(const void *)requant;
    k->weights = (const int8_t *)to;
    k->sums = (const int32_t *)sums;
}
#endif

static void compute_blocks(const tg_conv_2d_blocks_s8_params *p, const int8_t *input, int8_t *output, int32_t first,
                           int32_t count, void *scratch) {
#if TG_SMALL
    convolve(p, &p->filters, input, output, first, count, (uint8_t *)scratch);
#else
    tg_filter_blocks filters = p->filters;
    if (p->is_staged) {
        stage(&filters, (uint32_t *)scratch + filters.depth);
    }
    convolve(p, &filters, input, output, first, count, (uint8_t *)scratch);
#endif
}

#endif
