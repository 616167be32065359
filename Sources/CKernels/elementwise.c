#include "elementwise.h"
#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif
#define INLINE static inline __attribute__((always_inline))

// Sums may be added up in vectors, and products fused into them.
#pragma clang fp reassociate(on) contract(fast)

/// e^x to about 1e-7, without a branch so that loops over it become vectors.
INLINE float exponential(float x) {
    x = x < -87.0f ? -87.0f : (x > 88.0f ? 88.0f : x);
    float whole = __builtin_rintf(x * 1.44269504f);
    float rest = (x - whole * 0.693359375f) + whole * 2.12194440e-4f;
    float series = 1.9875691500e-4f;
    series = series * rest + 1.3981999507e-3f;
    series = series * rest + 8.3334519073e-3f;
    series = series * rest + 4.1665795894e-2f;
    series = series * rest + 1.6666665459e-1f;
    series = series * rest + 5.0000001201e-1f;
    series = series * rest * rest + rest + 1.0f;
    int32_t bits = ((int32_t)whole + 127) << 23;
    float power;
    memcpy(&power, &bits, 4);
    return series * power;
}

/// The error function to 1.5e-7. Source: Abramowitz, Stegun, "Handbook of Mathematical Functions", 7.1.26.
INLINE float error_function(float x) {
    float size = __builtin_fabsf(x);
    float t = 1.0f / (1.0f + 0.3275911f * size);
    float series = ((((1.061405429f * t - 1.453152027f) * t + 1.421413741f) * t - 0.284496736f) * t + 0.254829592f) * t;
    return __builtin_copysignf(1.0f - series * exponential(-size * size), x);
}

CLONES void gs_gelu(const float *x, float *y, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] = 0.5f * x[i] * (1.0f + error_function(x[i] * 0.70710678f));
}

CLONES void gs_gelu_backward(const float *restrict x, float *restrict gradient, size_t count) {
    for (size_t i = 0; i < count; i++) {
        float share = 0.5f * (1.0f + error_function(x[i] * 0.70710678f));
        float density = 0.39894228f * exponential(-0.5f * x[i] * x[i]);
        gradient[i] *= share + x[i] * density;
    }
}

CLONES void gs_add_bias(float *x, const float *bias, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) x[r * columns + c] += bias[c];
}

CLONES void gs_sum_rows(const float *x, float *sums, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) sums[c] += x[r * columns + c];
}

CLONES void gs_layer_norm(const float *x, const float *gain, const float *bias, float epsilon, float *normal,
                          float *inverse, float *y, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++) {
        const float *in = x + r * columns;
        float sum = 0, square = 0;
        for (size_t c = 0; c < columns; c++) sum += in[c];
        float mean = sum / (float)columns;
        for (size_t c = 0; c < columns; c++) square += (in[c] - mean) * (in[c] - mean);
        float scale = 1.0f / sqrtf(square / (float)columns + epsilon);
        inverse[r] = scale;
        for (size_t c = 0; c < columns; c++) {
            float value = (in[c] - mean) * scale;
            normal[r * columns + c] = value;
            y[r * columns + c] = value * gain[c] + bias[c];
        }
    }
}

CLONES void gs_layer_norm_backward(const float *normal, const float *inverse, const float *gain, const float *dy,
                                   float *dx, float *dgain, float *dbias, size_t rows, size_t columns) {
    for (size_t r = 0; r < rows; r++) {
        const float *n = normal + r * columns, *d = dy + r * columns;
        float sum = 0, product = 0;
        for (size_t c = 0; c < columns; c++) {
            float g = d[c] * gain[c];
            sum += g;
            product += g * n[c];
            dgain[c] += d[c] * n[c];
            dbias[c] += d[c];
        }
        sum /= (float)columns;
        product /= (float)columns;
        for (size_t c = 0; c < columns; c++)
            dx[r * columns + c] = inverse[r] * (d[c] * gain[c] - sum - n[c] * product);
    }
}

/// Column c of each of `length` rows of `head` values becomes row c of `out`.
INLINE void transpose(const float *x, size_t stride, float *out, size_t length, size_t head) {
    for (size_t j = 0; j < length; j++)
        for (size_t c = 0; c < head; c++) out[c * length + j] = x[j * stride + c];
}

/// out[j] = scale · Σ_c row[c] · columns[c][j].
INLINE void products(const float *row, const float *columns, float *restrict out, size_t length, size_t head,
                     float scale) {
    for (size_t j = 0; j < length; j++) out[j] = 0;
    for (size_t c = 0; c < head; c++) {
        float factor = row[c] * scale;
        const float *column = columns + c * length;
        for (size_t j = 0; j < length; j++) out[j] += factor * column[j];
    }
}

/// out[c] = Σ_j factors[j · step] · rows[j][c], with the sums in registers.
INLINE void weighted(const float *factors, size_t step, const float *rows, size_t stride, float *restrict out,
                     size_t length, size_t head) {
    float sums[128];
    for (size_t c = 0; c < head; c++) sums[c] = 0;
    for (size_t j = 0; j < length; j++) {
        float factor = factors[j * step];
        for (size_t c = 0; c < head; c++) sums[c] += factor * rows[j * stride + c];
    }
    for (size_t c = 0; c < head; c++) out[c] = sums[c];
}

INLINE void attend(const float *qkv, float *chances, float *y, float *scratch, size_t length, size_t heads,
                   size_t head) {
    size_t width = heads * head, row = 3 * width;
    float scale = 1.0f / sqrtf((float)head);
    for (size_t h = 0; h < heads; h++) {
        const float *q = qkv + h * head, *k = q + width, *v = k + width;
        transpose(k, row, scratch, length, head);
        for (size_t i = 0; i < length; i++) {
            float *p = chances + (h * length + i) * length;
            products(q + i * row, scratch, p, length, head, scale);
            float top = p[0], sum = 0;
            for (size_t j = 1; j < length; j++) top = p[j] > top ? p[j] : top;
            for (size_t j = 0; j < length; j++) p[j] = exponential(p[j] - top);
            for (size_t j = 0; j < length; j++) sum += p[j];
            float share = 1.0f / sum;
            for (size_t j = 0; j < length; j++) p[j] *= share;
            weighted(p, 1, v, row, y + i * width + h * head, length, head);
        }
    }
}

INLINE void attend_backward(const float *qkv, const float *chances, const float *dy, float *dqkv, float *scratch,
                            size_t length, size_t heads, size_t head) {
    size_t width = heads * head, row = 3 * width;
    float scale = 1.0f / sqrtf((float)head);
    float *columns = scratch, *slopes = scratch + head * length;
    for (size_t h = 0; h < heads; h++) {
        const float *q = qkv + h * head, *k = q + width, *v = k + width, *d = dy + h * head;
        const float *p = chances + h * length * length;
        float *dq = dqkv + h * head, *dk = dq + width, *dv = dk + width;
        transpose(v, row, columns, length, head);
        for (size_t i = 0; i < length; i++) {
            float *g = slopes + i * length;
            const float *chance = p + i * length;
            products(d + i * width, columns, g, length, head, 1.0f);
            float mean = 0;
            for (size_t j = 0; j < length; j++) mean += g[j] * chance[j];
            for (size_t j = 0; j < length; j++) g[j] = chance[j] * (g[j] - mean) * scale;
            weighted(g, 1, k, row, dq + i * row, length, head);
        }
        for (size_t j = 0; j < length; j++) {
            weighted(slopes + j, length, q, row, dk + j * row, length, head);
            weighted(p + j, length, d, width, dv + j * row, length, head);
        }
    }
}

// Heads of the usual widths get loops of known length.
#define BY_HEAD(call)                                                                                                  \
    switch (head) {                                                                                                    \
    case 32: call(32); break;                                                                                          \
    case 64: call(64); break;                                                                                          \
    default: call(head);                                                                                               \
    }

CLONES void gs_attention(const float *qkv, float *chances, float *y, float *scratch, size_t length, size_t heads,
                         size_t head) {
    if (length == 0) return;
#define CALL(width) attend(qkv, chances, y, scratch, length, heads, width)
    BY_HEAD(CALL)
#undef CALL
}

CLONES void gs_attention_backward(const float *qkv, const float *chances, const float *dy, float *dqkv, float *scratch,
                                  size_t length, size_t heads, size_t head) {
#define CALL(width) attend_backward(qkv, chances, dy, dqkv, scratch, length, heads, width)
    BY_HEAD(CALL)
#undef CALL
}

CLONES void gs_dropout(float *x, size_t count, uint64_t seed, float share) {
    uint32_t base = (uint32_t)(seed ^ (seed >> 32)) | 1u;
    uint32_t limit = (uint32_t)(share * 4294967295.0f);
    float kept = 1.0f / (1.0f - share);
    for (size_t i = 0; i < count; i++) {
        // A 32-bit mix of index and seed (the finaliser of MurmurHash3).
        uint32_t mixed = (uint32_t)i * 0x9e3779b1u + base;
        mixed = (mixed ^ (mixed >> 16)) * 0x85ebca6bu;
        mixed = (mixed ^ (mixed >> 13)) * 0xc2b2ae35u;
        mixed ^= mixed >> 16;
        x[i] = mixed < limit ? 0.0f : x[i] * kept;
    }
}

CLONES void gs_adamw(float *weights, const float *gradients, float *means, float *squares, size_t count, float rate,
                     float decay, float scale, float epsilon) {
    for (size_t i = 0; i < count; i++) {
        float g = gradients[i] * scale;
        float m = means[i] + 0.1f * (g - means[i]);
        float s = squares[i] + 0.001f * (g * g - squares[i]);
        means[i] = m;
        squares[i] = s;
        weights[i] -= rate * m / (sqrtf(s) + epsilon) + decay * weights[i];
    }
}
