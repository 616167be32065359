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

CLONES void gs_attention(const float *qkv, float *chances, float *y, size_t length, size_t heads, size_t head) {
    size_t width = heads * head, row = 3 * width;
    float scale = 1.0f / sqrtf((float)head);
    memset(y, 0, length * width * sizeof(float));
    for (size_t h = 0; h < heads; h++) {
        for (size_t i = 0; i < length; i++) {
            const float *q = qkv + i * row + h * head;
            float *p = chances + (h * length + i) * length;
            float top = -INFINITY, sum = 0;
            for (size_t j = 0; j < length; j++) {
                const float *k = qkv + j * row + width + h * head;
                float dot = 0;
                for (size_t c = 0; c < head; c++) dot += q[c] * k[c];
                p[j] = dot * scale;
                top = p[j] > top ? p[j] : top;
            }
            for (size_t j = 0; j < length; j++) p[j] = exponential(p[j] - top);
            for (size_t j = 0; j < length; j++) sum += p[j];
            float share = 1.0f / sum;
            float *out = y + i * width + h * head;
            for (size_t j = 0; j < length; j++) {
                const float *v = qkv + j * row + 2 * width + h * head;
                float chance = p[j] * share;
                p[j] = chance;
                for (size_t c = 0; c < head; c++) out[c] += chance * v[c];
            }
        }
    }
}

CLONES void gs_attention_backward(const float *qkv, const float *chances, const float *dy, float *dqkv, float *scratch,
                                  size_t length, size_t heads, size_t head) {
    size_t width = heads * head, row = 3 * width;
    float scale = 1.0f / sqrtf((float)head);
    memset(dqkv, 0, length * row * sizeof(float));
    for (size_t h = 0; h < heads; h++) {
        for (size_t i = 0; i < length; i++) {
            const float *p = chances + (h * length + i) * length;
            const float *d = dy + i * width + h * head;
            float product = 0;
            for (size_t j = 0; j < length; j++) {
                const float *v = qkv + j * row + 2 * width + h * head;
                float *dv = dqkv + j * row + 2 * width + h * head;
                float dot = 0;
                for (size_t c = 0; c < head; c++) {
                    dot += d[c] * v[c];
                    dv[c] += p[j] * d[c];
                }
                scratch[j] = dot;
            }
            for (size_t j = 0; j < length; j++) product += scratch[j] * p[j];
            const float *q = qkv + i * row + h * head;
            float *dq = dqkv + i * row + h * head;
            for (size_t j = 0; j < length; j++) {
                const float *k = qkv + j * row + width + h * head;
                float *dk = dqkv + j * row + width + h * head;
                float g = p[j] * (scratch[j] - product) * scale;
                for (size_t c = 0; c < head; c++) {
                    dq[c] += g * k[c];
                    dk[c] += g * q[c];
                }
            }
        }
    }
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
