#include "encoder.h"

#include <math.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#if defined(__linux__)
#include <sys/auxv.h>
#endif
#endif

// Vectors of 16 lanes whatever the registers hold; the compiler splits them. They never cross a function border.
#pragma clang diagnostic ignored "-Wpsabi"
typedef float v16f __attribute__((vector_size(64)));
typedef int32_t v16i __attribute__((vector_size(64)));
typedef int16_t v16s __attribute__((vector_size(32)));
typedef float v16fu __attribute__((vector_size(64), aligned(4)));
typedef int32_t v16iu __attribute__((vector_size(64), aligned(4)));


// Signed bytes, as NEON multiplies them: what runs everywhere tests the numbers of what does not.
__attribute__((always_inline)) static inline v16i dot_portable(v16i sum, v16i x, uint32_t w) {
    sum += (x << 24 >> 24) * (int32_t)(int8_t)w;
    sum += (x << 16 >> 24) * (int32_t)(int8_t)(w >> 8);
    sum += (x << 8 >> 24) * (int32_t)(int8_t)(w >> 16);
    sum += (x >> 24) * (int32_t)(int8_t)(w >> 24);
    return sum;
}

#define NAME(x) x##_portable
#define TARGET
#define FEATURES 2
#define VECTORS 1
#define LEVELS 254
#define SIGNED 1
#define BF16 0
#define DOT8(sum, x, w) dot_portable(sum, x, w)
#define DOTB(sum, x, w) (sum)
#include "encoder_body.h"


#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2,fma")))
#define VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")))
#define VNNI_BF16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx512bf16")))

// Sums of two products stay below 2^15 only while the activations have 7 bits.
AVX2 __attribute__((always_inline)) static inline v16i dot_avx2(v16i sum, v16i x, uint32_t w) {
    __m256i weights = _mm256_set1_epi32((int)w), ones = _mm256_set1_epi16(1);
    union {
        v16i whole;
        __m256i half[2];
    } s = {sum}, v = {x};
    for (int i = 0; i < 2; i++)
        s.half[i] = _mm256_add_epi32(s.half[i], _mm256_madd_epi16(_mm256_maddubs_epi16(v.half[i], weights), ones));
    return s.whole;
}

#define NAME(x) x##_avx2
#define TARGET AVX2
#define FEATURES 4
#define VECTORS 1
#define LEVELS 126
#define SIGNED 0
#define BF16 0
#define DOT8(sum, x, w) dot_avx2(sum, x, w)
#define DOTB(sum, x, w) (sum)
#include "encoder_body.h"

#define NAME(x) x##_avx512_vnni
#define TARGET VNNI
#define FEATURES 8
#define VECTORS 3
#define LEVELS 254
#define SIGNED 0
#define BF16 0
#define DOT8(sum, x, w) (v16i) _mm512_dpbusd_epi32((__m512i)(sum), (__m512i)(x), _mm512_set1_epi32((int)(w)))
#define DOTB(sum, x, w) (sum)
#include "encoder_body.h"

#define NAME(x) x##_avx512_bf16
#define TARGET VNNI_BF16
#define FEATURES 8
#define VECTORS 3
#define LEVELS 254
#define SIGNED 0
#define BF16 1
#define DOT8(sum, x, w) (v16i) _mm512_dpbusd_epi32((__m512i)(sum), (__m512i)(x), _mm512_set1_epi32((int)(w)))
#define DOTB(sum, x, w) \
    (v16i) _mm512_dpbf16_ps((__m512)(sum), (__m512bh)(x), (__m512bh)_mm512_set1_epi32((int)(w)))
#include "encoder_body.h"
#endif


#if defined(__aarch64__)
#define DOTPROD __attribute__((target("dotprod")))

DOTPROD __attribute__((always_inline)) static inline v16i dot_neon(v16i sum, v16i x, uint32_t w) {
    union {
        v16i whole;
        int32x4_t quarter[4];
    } s = {sum}, v = {x};
    int8x16_t weights = vreinterpretq_s8_u32(vdupq_n_u32(w));
    for (int i = 0; i < 4; i++) s.quarter[i] = vdotq_s32(s.quarter[i], vreinterpretq_s8_s32(v.quarter[i]), weights);
    return s.whole;
}

#define NAME(x) x##_neon_dot
#define TARGET DOTPROD
#define FEATURES 4
#define VECTORS 1
#define LEVELS 254
#define SIGNED 1
#define BF16 0
#define DOT8(sum, x, w) dot_neon(sum, x, w)
#define DOTB(sum, x, w) (sum)
#include "encoder_body.h"
#endif


int gs_supports(gs_instructions set) {
    switch (set) {
    case GS_PORTABLE: return 1;
#if defined(__x86_64__)
    case GS_AVX2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case GS_AVX512_BF16:
        if (!__builtin_cpu_supports("avx512bf16")) return 0;
        // Fall through: all else is as below.
    case GS_AVX512_VNNI:
        return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
#elif defined(__aarch64__) && defined(__linux__)
    // Bit 20 of the first word of capabilities: the dot product of bytes.
    case GS_NEON_DOT: return (getauxval(AT_HWCAP) >> 20 & 1) != 0;
#elif defined(__aarch64__) && defined(__APPLE__)
    case GS_NEON_DOT: return 1;
#endif
    default: return 0;
    }
}

gs_instructions gs_fastest(void) {
    const gs_instructions order[] = {GS_AVX512_BF16, GS_AVX512_VNNI, GS_AVX2, GS_NEON_DOT};
    for (int i = 0; i < 4; i++)
        if (gs_supports(order[i])) return order[i];
    return GS_PORTABLE;
}

#if defined(__x86_64__)
#define CALL(name, ...)                                                      \
    switch (set) {                                                           \
    case GS_AVX512_BF16: name##_avx512_bf16(__VA_ARGS__); return;            \
    case GS_AVX512_VNNI: name##_avx512_vnni(__VA_ARGS__); return;            \
    case GS_AVX2: name##_avx2(__VA_ARGS__); return;                          \
    default: name##_portable(__VA_ARGS__); return;                           \
    }
#elif defined(__aarch64__)
#define CALL(name, ...)                                           \
    if (set == GS_NEON_DOT)                                       \
        name##_neon_dot(__VA_ARGS__);                             \
    else                                                          \
        name##_portable(__VA_ARGS__);
#else
#define CALL(name, ...) name##_portable(__VA_ARGS__);
#endif

void gs_quantise(gs_instructions set, const float *rows, size_t stride, int features, gs_operand *out) {
    CALL(quantise, rows, stride, features, out)
}

void gs_round(gs_instructions set, const float *rows, size_t stride, int features, gs_operand *out) {
    CALL(round, rows, stride, features, out)
}

void gs_normalise(gs_instructions set, float *rows, size_t stride, int features, int tokens, const float *gain,
                  const float *bias, float epsilon) {
    CALL(normalise, rows, stride, features, tokens, gain, bias, epsilon)
}

void gs_store(gs_instructions set, int bf16, const gs_operand *x, const gs_layer *layer, float *rows, size_t stride) {
    CALL(store, bf16, x, layer, rows, stride)
}

void gs_add(gs_instructions set, int bf16, const gs_operand *x, const gs_layer *layer, float *rows, size_t stride) {
    CALL(add, bf16, x, layer, rows, stride)
}

void gs_gelu_operand(gs_instructions set, int bf16, const gs_operand *x, const gs_layer *layer, float *rows,
                     gs_operand *y) {
    CALL(gelu_operand, bf16, x, layer, rows, y)
}

void gs_project(gs_instructions set, int bf16, const gs_operand *x, const gs_layer *layer, gs_planes *planes,
                size_t start) {
    CALL(project, bf16, x, layer, planes, start)
}

void gs_attend(gs_instructions set, int exact, const gs_planes *planes, size_t start, int count, float *scores,
               float *rows) {
    CALL(attend, exact, planes, start, count, scores, rows)
}

void gs_add_biased(gs_instructions set, const float *x, const float *bias, int features, int tokens, float *rows) {
    CALL(add_biased, x, bias, features, tokens, rows)
}

void gs_add_bias_rows(gs_instructions set, float *rows, size_t stride, int features, int tokens, const float *bias) {
    CALL(add_bias_rows, rows, stride, features, tokens, bias)
}

void gs_exact_gelu(gs_instructions set, float *rows, const float *bias, int features, int tokens) {
    CALL(exact_gelu, rows, bias, features, tokens)
}

void gs_to_lanes(gs_instructions set, const float *tokens, int count, int width, float *rows, size_t stride) {
    CALL(to_lanes, tokens, count, width, rows, stride)
}

void gs_from_lanes(gs_instructions set, const float *rows, size_t stride, int count, int width, float *tokens) {
    CALL(from_lanes, rows, stride, count, width, tokens)
}

void gs_pack_int8(const float *weights, int inputs, int outputs, int8_t *packed, float *unit, float *sum) {
    for (int n = 0; n < outputs; n++) {
        const float *row = weights + (size_t)n * inputs;
        float largest = 0;
        for (int k = 0; k < inputs; k++) largest = fmaxf(largest, fabsf(row[k]));
        float inverse = largest > 0 ? 127 / largest : 0;
        int total = 0;
        for (int k = 0; k < inputs; k++) {
            int q = (int)lrintf(row[k] * inverse);
            total += q;
            packed[((size_t)(n / GS_TILE) * (inputs / 4) + k / 4) * GS_TILE * 4 + n % GS_TILE * 4 + k % 4] = (int8_t)q;
        }
        unit[n] = largest / 127;
        sum[n] = (float)total * unit[n];
    }
}

void gs_pack_bf16(const float *weights, int inputs, int outputs, uint16_t *packed) {
    for (int n = 0; n < outputs; n++)
        for (int k = 0; k < inputs; k++) {
            uint32_t bits;
            memcpy(&bits, weights + (size_t)n * inputs + k, 4);
            bits += 0x7fff + (bits >> 16 & 1);
            packed[((size_t)(n / GS_TILE) * (inputs / 2) + k / 2) * GS_TILE * 2 + n % GS_TILE * 2 + k % 2] =
                (uint16_t)(bits >> 16);
        }
}
