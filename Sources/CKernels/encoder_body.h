// The encoder's kernels for one instruction set; encoder.c includes this file once for each, after defining
//   NAME(x)     the name of x for this set
//   TARGET      the attribute that allows its instructions
//   FEATURES    how many features, and VECTORS how many vectors of tokens at most, a tile keeps in registers
//   LEVELS      how many steps lie between the extremes of a token's activation bytes
//   SIGNED      1 if DOT8 takes activation bytes as signed: 128 less than they are
//   DOT8(s, x, w), and DOTB(s, x, w) if BF16 is 1: s + the products of each lane's bytes or halves
// It undefines them at its end.

#define LOCAL TARGET __attribute__((always_inline)) static inline
#define SPLAT(x) ((v16f){} + (x))

// C has no choice by lanes, but the compiler knows these for the instructions they are.
LOCAL v16f NAME(larger)(v16f a, v16f b) {
    v16i first = a > b;
    return (v16f)((first & (v16i)a) | (~first & (v16i)b));
}
LOCAL v16f NAME(smaller)(v16f a, v16f b) {
    v16i first = a < b;
    return (v16f)((first & (v16i)a) | (~first & (v16i)b));
}

/// 2^x for x ≤ 0, to 3e-6 of its value or, if exact, to the last bits.
LOCAL v16f NAME(power)(v16f x, const int exact) {
    const v16f magic = SPLAT(12582912.0f);
    x = NAME(larger)(x, SPLAT(-126.0f));
    v16f whole = x + magic;
    v16f f = x - (whole - magic);
    v16f p;
    if (exact)
        p = (((((0.000152391081f * f + 0.00134028302f) * f + 0.00961920604f) * f + 0.055503311f) * f + 0.240226362f) * f +
             0.693147185f) * f + 1.0f;
    else
        p = (((0.00957031095f * f + 0.0559189792f) * f + 0.24024737f) * f + 0.693121601f) * f + 0.999999279f;
    return (v16f)((v16i)p + ((v16i)whole << 23));
}

/// x·Φ(x) to 0.0002: max(x, 0) less u·Φ(-u), a bump that a polynomial follows where u = |x| is below 3.9.
LOCAL v16f NAME(gelu)(v16f x) {
    v16f u = NAME(smaller)((v16f)((v16i)x & 0x7fffffff), SPLAT(3.9f));
    v16f p = -0.000655063249f * u + 0.0100739581f;
    p = p * u - 0.0583129844f;
    p = p * u + 0.141781015f;
    p = p * u - 0.0450480521f;
    p = p * u - 0.389524616f;
    p = p * u + 0.500235458f;
    return NAME(larger)(x, (v16f){}) - p * u;
}

/// What `NAME(gelu)` never falls below.
#define GELU_FLOOR 0.1702f

/// x·Φ(x) to the last digits: the complementary error function as exp(-z²) · t · polynomial, t = 1/(1 + z/2).
LOCAL v16f NAME(exact_gelu_of)(v16f x) {
    v16f a = (v16f)((v16i)x & 0x7fffffff);
    v16f z = a * 0.70710678f;
    v16f t = 1.0f / (1.0f + 0.5f * z);
    v16f p = 0.17087277f * t - 0.82215223f;
    p = p * t + 1.48851587f;
    p = p * t - 1.13520398f;
    p = p * t + 0.27886807f;
    p = p * t - 0.18628806f;
    p = p * t + 0.09678418f;
    p = p * t + 0.37409196f;
    p = p * t + 1.00002368f;
    p = p * t - 1.26551223f;
    v16f below = 0.5f * t * NAME(power)((p - z * z) * 1.44269504f, 1);
    return NAME(larger)(x, (v16f){}) - a * below;
}

#if BF16
/// Two vectors rounded to bf16: in each lane the first one's below the second one's.
LOCAL v16i NAME(pair)(v16f low, v16f high) {
    const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6,
                                           21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    return (v16i)_mm512_permutexvar_epi16(order, (__m512i)_mm512_cvtne2ps_pbh((__m512)high, (__m512)low));
}

LOCAL v16s NAME(halves)(v16f x) { return (v16s)_mm512_cvtneps_pbh((__m512)x); }
#endif

/// A tile of a product: `FEATURES` outputs for `vectors` vectors of tokens.
typedef struct {
    v16i sum[FEATURES][VECTORS];
} NAME(tile);

LOCAL void NAME(multiply_tile)(const v16i *x, int panel, const uint32_t *w, int steps, const int vectors,
                               const int bf16, NAME(tile) * tile) {
#pragma clang loop unroll(full)
    for (int f = 0; f < FEATURES; f++)
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) tile->sum[f][v] = (v16i){};
    for (int s = 0; s < steps; s++, x += panel, w += GS_TILE) {
        // The weights stream from afar, each used by this tile only: fetch those two tiles on.
        if (s % 2 == 0) __builtin_prefetch(w + 2 * GS_TILE * steps);
#pragma clang loop unroll(full)
        for (int f = 0; f < FEATURES; f++)
#pragma clang loop unroll(full)
            for (int v = 0; v < vectors; v++)
                tile->sum[f][v] = bf16 ? DOTB(tile->sum[f][v], x[v], w[f]) : DOT8(tile->sum[f][v], x[v], w[f]);
    }
}

/// What becomes of a product.
#define STORE 0
#define ADD 1
#define GELU 2
#define GELU_ROUNDED 3
#define PLANES 4

typedef struct {
    float *rows;
    size_t stride;
    uint32_t *pairs;
    v16f largest[GS_PANEL / GS_VECTOR];
    const gs_planes *planes;
    size_t start;
} NAME(target);

LOCAL void NAME(finish)(const NAME(tile) * tile, const gs_operand *x, const gs_layer *layer, int output, int first,
                        const int vectors, const int bf16, const int what, NAME(target) * to) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
        int lane = (first + v) * GS_VECTOR;
        v16f unit = {}, shift = {};
        if (!bf16) {
            unit = *(const v16f *)(x->unit + lane);
            shift = *(const v16f *)(x->shift + lane);
        }
        v16f even = {}, largest = {};
        (void)even;
        if (what == GELU) largest = to->largest[first + v];
#pragma clang loop unroll(full)
        for (int f = 0; f < FEATURES; f++) {
            int n = output + f;
            v16f y;
            if (bf16)
                y = (v16f)tile->sum[f][v] + layer->bias[n];
            else
                y = __builtin_convertvector(tile->sum[f][v], v16f) * unit * layer->unit[n] +
                    (layer->bias[n] - shift * layer->sum[n]);
            v16fu *row = (v16fu *)(to->rows + n * to->stride + lane);
            if (what == STORE) *row = y;
            if (what == ADD) *row += y;
            if (what == GELU) {
                y = NAME(gelu)(y);
                largest = NAME(larger)(largest, y);
                *row = y;
            }
#if BF16
            if (what == GELU_ROUNDED) {
                y = NAME(gelu)(y);
                if (f & 1) *(v16i *)(to->pairs + (n >> 1) * (size_t)x->tokens + lane) = NAME(pair)(even, y);
                even = y;
            }
            if (what == PLANES) {
                const gs_planes *p = to->planes;
                size_t at = to->start + lane;
                if (n >= 2 * p->width)
                    *(v16s *)((uint16_t *)(p->rows + p->width * p->stride) + (n - 2 * p->width) * p->stride + at) =
                        NAME(halves)(y);
                else if (f & 1)
                    *(v16i *)(p->rows + (n >> 1) * p->stride + at) = NAME(pair)(even, y);
                even = y;
            }
#endif
        }
        if (what == GELU) to->largest[first + v] = largest;
    }
}

LOCAL void NAME(multiply_panel)(const gs_operand *x, const gs_layer *layer, const int panel, const int bf16,
                                const int what, NAME(target) * to) {
    int steps = layer->inputs / (bf16 ? 2 : 4);
    const uint32_t *weights = layer->weights;
    for (int n = 0; n < layer->outputs; n += GS_TILE)
        for (int f = 0; f < GS_TILE; f += FEATURES)
#pragma clang loop unroll(full)
            for (int v = 0; v < panel; v += VECTORS) {
                const int vectors = panel - v < VECTORS ? panel - v : VECTORS;
                NAME(tile) tile;
                NAME(multiply_tile)((const v16i *)x->values + v, panel, weights + (size_t)n * steps + f, steps, vectors,
                                    bf16, &tile);
                NAME(finish)(&tile, x, layer, n + f, v, vectors, bf16, what, to);
            }
}

LOCAL void NAME(multiply)(const gs_operand *x, const gs_layer *layer, const int bf16, const int what,
                          NAME(target) * to) {
    switch (x->tokens / GS_VECTOR) {
    case 1: NAME(multiply_panel)(x, layer, 1, bf16, what, to); break;
    case 2: NAME(multiply_panel)(x, layer, 2, bf16, what, to); break;
    default: NAME(multiply_panel)(x, layer, 3, bf16, what, to); break;
    }
}

/// Bytes of the values of one vector of tokens, given their range.
LOCAL void NAME(bytes)(const float *rows, size_t stride, int features, int lane, v16f low, v16f high, gs_operand *out) {
    low = NAME(smaller)(low, (v16f){});
    high = NAME(larger)(high, (v16f){});
    v16f range = NAME(larger)(high - low, SPLAT(1e-20f));
    v16f inverse = (float)LEVELS / range;
    v16f unit = range * (1.0f / LEVELS);
    // Adding 2^23 leaves the rounded byte in the low bits of the number. The zero is rounded up, so that no sum falls
    // below 2^23, where the bits mean something else; one step is kept for that.
    v16f magic = SPLAT(8388608.0f);
    v16f zero = (0.5f - low * inverse) + magic;
    *(v16f *)(out->unit + lane) = unit;
    *(v16f *)(out->shift + lane) = (zero - magic - (SIGNED ? 128.0f : 0.0f)) * unit;
    v16i *to = (v16i *)out->values + lane / GS_VECTOR;
    for (int f = 0; f < features; f += 4, to += out->tokens / GS_VECTOR) {
        const float *row = rows + f * stride + lane;
        v16i a = (v16i)(*(const v16fu *)row * inverse + zero);
        v16i b = (v16i)(*(const v16fu *)(row + stride) * inverse + zero);
        v16i c = (v16i)(*(const v16fu *)(row + 2 * stride) * inverse + zero);
        v16i d = (v16i)(*(const v16fu *)(row + 3 * stride) * inverse + zero);
        v16i bytes = (a & 255) | b << 8 | c << 16 | d << 24;
        *to = SIGNED ? bytes ^ (int32_t)0x80808080 : bytes;
    }
}

TARGET static void NAME(quantise)(const float *rows, size_t stride, int features, gs_operand *out) {
    for (int lane = 0; lane < out->tokens; lane += GS_VECTOR) {
        v16f low[2] = {}, high[2] = {};
        for (int f = 0; f < features; f += 2)
            for (int i = 0; i < 2; i++) {
                v16f x = *(const v16fu *)(rows + (f + i) * stride + lane);
                low[i] = NAME(smaller)(low[i], x);
                high[i] = NAME(larger)(high[i], x);
            }
        NAME(bytes)(rows, stride, features, lane, NAME(smaller)(low[0], low[1]), NAME(larger)(high[0], high[1]), out);
    }
}

TARGET static void NAME(round)(const float *rows, size_t stride, int features, gs_operand *out) {
#if BF16
    for (int f = 0; f < features; f += 2)
        for (int lane = 0; lane < out->tokens; lane += GS_VECTOR) {
            const float *row = rows + f * stride + lane;
            *(v16i *)((uint32_t *)out->values + (f / 2) * (size_t)out->tokens + lane) =
                NAME(pair)(*(const v16fu *)row, *(const v16fu *)(row + stride));
        }
#endif
}

TARGET static void NAME(normalise)(float *rows, size_t stride, int features, int tokens, const float *gain,
                                   const float *bias, float epsilon) {
    for (int lane = 0; lane < tokens; lane += GS_VECTOR) {
        v16f sum[4] = {}, square[4] = {};
        for (int f = 0; f < features; f += 4)
            for (int i = 0; i < 4; i++) sum[i] += *(const v16fu *)(rows + (f + i) * stride + lane);
        v16f mean = ((sum[0] + sum[1]) + (sum[2] + sum[3])) / (float)features;
        for (int f = 0; f < features; f += 4)
            for (int i = 0; i < 4; i++) {
                v16f x = *(const v16fu *)(rows + (f + i) * stride + lane) - mean;
                square[i] += x * x;
            }
        v16f variance = ((square[0] + square[1]) + (square[2] + square[3])) / (float)features;
        v16f inverse;
        for (int i = 0; i < GS_VECTOR; i++) inverse[i] = 1.0f / __builtin_sqrtf(variance[i] + epsilon);
        for (int f = 0; f < features; f++) {
            v16fu *row = (v16fu *)(rows + f * stride + lane);
            *row = (*row - mean) * inverse * gain[f] + bias[f];
        }
    }
}

#define PRODUCT(name, what)                                                                              \
    TARGET static void NAME(name)(int bf16, const gs_operand *x, const gs_layer *layer, NAME(target) * to) { \
        if (BF16 && bf16)                                                                                \
            NAME(multiply)(x, layer, BF16, what, to);                                                    \
        else                                                                                             \
            NAME(multiply)(x, layer, 0, what, to);                                                       \
    }
PRODUCT(store_tiles, STORE)
PRODUCT(add_tiles, ADD)
#if BF16
PRODUCT(plane_tiles, PLANES)
#endif

TARGET static void NAME(store)(int bf16, const gs_operand *x, const gs_layer *layer, float *rows, size_t stride) {
    NAME(target) to = {.rows = rows, .stride = stride};
    NAME(store_tiles)(bf16, x, layer, &to);
}

TARGET static void NAME(add)(int bf16, const gs_operand *x, const gs_layer *layer, float *rows, size_t stride) {
    NAME(target) to = {.rows = rows, .stride = stride};
    NAME(add_tiles)(bf16, x, layer, &to);
}

TARGET static void NAME(gelu_operand)(int bf16, const gs_operand *x, const gs_layer *layer, float *rows,
                                      gs_operand *y) {
    NAME(target) to = {.rows = rows, .stride = (size_t)x->tokens, .pairs = y->values};
#if BF16
    if (bf16) {
        NAME(multiply)(x, layer, 1, GELU_ROUNDED, &to);
        return;
    }
#endif
    NAME(multiply)(x, layer, 0, GELU, &to);
    for (int lane = 0; lane < x->tokens; lane += GS_VECTOR)
        NAME(bytes)(rows, x->tokens, layer->outputs, lane, SPLAT(-GELU_FLOOR), to.largest[lane / GS_VECTOR], y);
}

TARGET static void NAME(project)(int bf16, const gs_operand *x, const gs_layer *layer, gs_planes *planes,
                                 size_t start) {
#if BF16
    NAME(target) to = {.planes = planes, .start = start, .rows = planes->rows};
    NAME(plane_tiles)(bf16, x, layer, &to);
#else
    NAME(store)(bf16, x, layer, planes->rows + start, planes->stride);
#endif
}

/// Scores to weights: from powers to their share, lane by lane. `scores` is [count][vectors]; returns 1/sum.
LOCAL void NAME(attend_exact)(const gs_planes *p, size_t start, int count, const int vectors, const int exact,
                              size_t query, int head, v16f *scores, float *rows) {
    int depth = p->width / p->heads;
    const float *q = p->rows + (size_t)(head * depth) * p->stride + query;
    const float *k = p->rows + (size_t)(p->width + head * depth) * p->stride + start;
    const float *v = p->rows + (size_t)(2 * p->width + head * depth) * p->stride + start;
    v16f largest[3], total[3] = {};
    for (int i = 0; i < vectors; i++) largest[i] = SPLAT(-__builtin_inff());
    for (int j = 0; j < count; j += 4) {
        v16f sum[4][3] = {};
        for (int d = 0; d < depth; d++)
#pragma clang loop unroll(full)
            for (int jj = 0; jj < 4; jj++)
#pragma clang loop unroll(full)
                for (int i = 0; i < vectors; i++)
                    sum[jj][i] += *(const v16fu *)(q + d * p->stride + i * GS_VECTOR) * k[d * p->stride + j + jj];
        for (int jj = 0; jj < 4 && j + jj < count; jj++)
            for (int i = 0; i < vectors; i++) {
                scores[(j + jj) * vectors + i] = sum[jj][i];
                largest[i] = NAME(larger)(largest[i], sum[jj][i]);
            }
    }
    for (int j = 0; j < count; j++)
        for (int i = 0; i < vectors; i++) {
            v16f e = NAME(power)(scores[j * vectors + i] - largest[i], exact);
            scores[j * vectors + i] = e;
            total[i] += e;
        }
    for (int d = 0; d < depth; d += 4) {
        v16f sum[4][3] = {};
        for (int j = 0; j < count; j++)
#pragma clang loop unroll(full)
            for (int dd = 0; dd < 4; dd++)
#pragma clang loop unroll(full)
                for (int i = 0; i < vectors; i++) sum[dd][i] += scores[j * vectors + i] * v[(d + dd) * p->stride + j];
        for (int dd = 0; dd < 4; dd++)
            for (int i = 0; i < vectors; i++)
                *(v16fu *)(rows + (head * depth + d + dd) * p->stride + query + i * GS_VECTOR) = sum[dd][i] / total[i];
    }
}

#if BF16
LOCAL void NAME(attend_halves)(const gs_planes *p, size_t start, int count, const int vectors, size_t query, int head,
                               v16f *scores, float *rows) {
    int depth = p->width / p->heads;
    const uint32_t *q = (const uint32_t *)p->rows + (size_t)(head * depth / 2) * p->stride + query;
    const uint32_t *k = (const uint32_t *)p->rows + (size_t)((p->width + head * depth) / 2) * p->stride + start;
    const uint16_t *v =
        (const uint16_t *)(p->rows + p->width * p->stride) + (size_t)(head * depth) * p->stride + start;
    v16f largest[3], total[3] = {};
    for (int i = 0; i < vectors; i++) largest[i] = SPLAT(-__builtin_inff());
    for (int j = 0; j < count; j += 8) {
        v16i sum[8][3] = {};
        for (int d = 0; d < depth / 2; d++)
#pragma clang loop unroll(full)
            for (int jj = 0; jj < 8; jj++)
#pragma clang loop unroll(full)
                for (int i = 0; i < vectors; i++)
                    sum[jj][i] = DOTB(sum[jj][i], *(const v16iu *)(q + d * p->stride + i * GS_VECTOR),
                                      k[d * p->stride + j + jj]);
        // Keys beyond the text's end come out too; nobody reads their scores but as a pair's second, which is cleared.
#pragma clang loop unroll(full)
        for (int jj = 0; jj < 8; jj++)
#pragma clang loop unroll(full)
            for (int i = 0; i < vectors; i++) {
                v16f s = j + jj < count ? (v16f)sum[jj][i] : SPLAT(-__builtin_inff());
                scores[(j + jj) * vectors + i] = s;
                largest[i] = NAME(larger)(largest[i], s);
            }
    }
    v16i *shares = (v16i *)scores;
    for (int j = 0; j < count; j += 2)
#pragma clang loop unroll(full)
        for (int i = 0; i < vectors; i++) {
            v16f even = NAME(power)(scores[j * vectors + i] - largest[i], 0);
            v16f odd = NAME(power)(scores[(j + 1) * vectors + i] - largest[i], 0);
            if (j + 1 == count) odd = (v16f){};
            total[i] += even;
            total[i] += odd;
            shares[j / 2 * vectors + i] = NAME(pair)(even, odd);
        }
    for (int i = 0; i < vectors; i++) total[i] = 1.0f / total[i];
    for (int d = 0; d < depth; d += 8) {
        v16i sum[8][3] = {};
        for (int j = 0; j < (count + 1) / 2; j++)
#pragma clang loop unroll(full)
            for (int dd = 0; dd < 8; dd++) {
                uint32_t pair;
                __builtin_memcpy(&pair, v + (d + dd) * p->stride + 2 * j, 4);
#pragma clang loop unroll(full)
                for (int i = 0; i < vectors; i++)
                    sum[dd][i] = DOTB(sum[dd][i], shares[j * vectors + i], pair);
            }
#pragma clang loop unroll(full)
        for (int dd = 0; dd < 8; dd++)
#pragma clang loop unroll(full)
            for (int i = 0; i < vectors; i++)
                *(v16fu *)(rows + (head * depth + d + dd) * p->stride + query + i * GS_VECTOR) =
                    (v16f)sum[dd][i] * total[i];
    }
}
#endif

LOCAL void NAME(attend_queries)(int exact, const gs_planes *p, size_t start, int count, const int vectors, size_t query,
                                int head, float *scores, float *rows) {
    if (exact)
        NAME(attend_exact)(p, start, count, vectors, 1, query, head, (v16f *)scores, rows);
    else
#if BF16
        NAME(attend_halves)(p, start, count, vectors, query, head, (v16f *)scores, rows);
#else
        NAME(attend_exact)(p, start, count, vectors, 0, query, head, (v16f *)scores, rows);
#endif
}

TARGET static void NAME(attend)(int exact, const gs_planes *p, size_t start, int count, float *scores, float *rows) {
    for (int head = 0; head < p->heads; head++)
        for (int query = 0; query < count; query += GS_PANEL) {
            int left = count - query;
            if (left > 2 * GS_VECTOR)
                NAME(attend_queries)(exact, p, start, count, 3, start + query, head, scores, rows);
            else if (left > GS_VECTOR)
                NAME(attend_queries)(exact, p, start, count, 2, start + query, head, scores, rows);
            else
                NAME(attend_queries)(exact, p, start, count, 1, start + query, head, scores, rows);
        }
}

TARGET static void NAME(add_biased)(const float *x, const float *bias, int features, int tokens, float *rows) {
    for (int f = 0; f < features; f++)
        for (int lane = 0; lane < tokens; lane += GS_VECTOR) {
            size_t at = (size_t)f * tokens + lane;
            *(v16fu *)(rows + at) += *(const v16fu *)(x + at) + bias[f];
        }
}

TARGET static void NAME(add_bias_rows)(float *rows, size_t stride, int features, int tokens, const float *bias) {
    for (int f = 0; f < features; f++)
        for (int lane = 0; lane < tokens; lane += GS_VECTOR) *(v16fu *)(rows + f * stride + lane) += bias[f];
}

TARGET static void NAME(exact_gelu)(float *rows, const float *bias, int features, int tokens) {
    for (int f = 0; f < features; f++)
        for (int lane = 0; lane < tokens; lane += GS_VECTOR) {
            v16fu *row = (v16fu *)(rows + (size_t)f * tokens + lane);
            *row = NAME(exact_gelu_of)(*row + bias[f]);
        }
}

/// Turns 16 rows of 16 into its transpose: four times the first half interleaved with the second.
LOCAL void NAME(transpose)(v16f r[16]) {
#pragma clang loop unroll(full)
    for (int round = 0; round < 4; round++) {
        v16f t[16];
#pragma clang loop unroll(full)
        for (int i = 0; i < 8; i++) {
            t[2 * i] = __builtin_shufflevector(r[i], r[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            t[2 * i + 1] = __builtin_shufflevector(r[i], r[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14,
                                                   30, 15, 31);
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i++) r[i] = t[i];
    }
}

TARGET static void NAME(to_lanes)(const float *tokens, int count, int width, float *rows, size_t stride) {
    for (int token = 0; token < count; token += GS_VECTOR)
        for (int f = 0; f < width; f += 16) {
            v16f r[16];
            for (int i = 0; i < 16; i++)
                r[i] = token + i < count ? *(const v16fu *)(tokens + (size_t)(token + i) * width + f) : (v16f){};
            NAME(transpose)(r);
            for (int i = 0; i < 16; i++) *(v16fu *)(rows + (f + i) * stride + token) = r[i];
        }
}

TARGET static void NAME(from_lanes)(const float *rows, size_t stride, int count, int width, float *tokens) {
    for (int token = 0; token < count; token += GS_VECTOR)
        for (int f = 0; f < width; f += 16) {
            v16f r[16];
            for (int i = 0; i < 16; i++) r[i] = *(const v16fu *)(rows + (f + i) * stride + token);
            NAME(transpose)(r);
            for (int i = 0; i < 16 && token + i < count; i++)
                *(v16fu *)(tokens + (size_t)(token + i) * width + f) = r[i];
        }
}

#undef NAME
#undef TARGET
#undef FEATURES
#undef VECTORS
#undef LEVELS
#undef SIGNED
#undef DOT8
#undef DOTB
#undef BF16
#undef LOCAL
#undef SPLAT
#undef GELU_FLOOR
#undef STORE
#undef ADD
#undef GELU
#undef GELU_ROUNDED
#undef PLANES
#undef PRODUCT
