#include "gemm_bf16.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static float rounded(float x) {
    uint32_t bits;
    memcpy(&bits, &x, 4);
    bits = (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000u;
    memcpy(&x, &bits, 4);
    return x;
}

static void multiply_portable(int transA, int transB, int m, int n, int k, const float *a, int lda, const float *b,
                              int ldb, float beta, float *c, int ldc) {
    for (int i = 0; i < m; i++) {
        float *row = c + (size_t)i * ldc;
        for (int j = 0; j < n; j++) row[j] = beta == 0 ? 0 : beta * row[j];
        for (int p = 0; p < k; p++) {
            float x = rounded(transA ? a[(size_t)p * lda + i] : a[(size_t)i * lda + p]);
            for (int j = 0; j < n; j++)
                row[j] += x * rounded(transB ? b[(size_t)j * ldb + p] : b[(size_t)p * ldb + j]);
        }
    }
}

#if defined(__x86_64__)
#include <immintrin.h>

#define BF16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))
#define INLINE_BF16 BF16 __attribute__((always_inline)) static inline

// A tile of C is 12 rows by 32 columns: 24 of the 32 registers hold its sums. A panel of op(B) of `DEEP` pairs is 24 KB
// and stays in the first-level cache while the panels of op(A), at most 0.7 MB in all, pass from the second.
enum { ROWS = 12, COLUMNS = 32, DEEP = 192, TALL = 80 * ROWS };

int gs_has_bf16(void) {
    return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

/// Turns 16 rows of 16 double words into its transpose.
INLINE_BF16 void transpose16(__m512i r[16]) {
    __m512i t[16];
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
        r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
        r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
        r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
        r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
    for (int i = 0; i < 4; i++) {
        t[i] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0x88);
        t[i + 4] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0xdd);
        t[i + 8] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0x88);
        t[i + 12] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0xdd);
    }
    for (int i = 0; i < 4; i++) {
        r[i] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0x88);
        r[i + 8] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0xdd);
        r[i + 4] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0x88);
        r[i + 12] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0xdd);
    }
}

/// Packs `count` (≤ width) stored rows of `depth` values as [pairs][width] double words, the rest zeros.
BF16 static void pack_rows(const float *x, int stride, int count, int depth, int width, uint32_t *out) {
    for (int p = 0; p < depth; p += 32) {
        int left = depth - p, pairs = left >= 32 ? 16 : (left + 1) / 2;
        __mmask16 low = left >= 16 ? 0xffff : (__mmask16)((1u << left) - 1);
        __mmask16 high = left >= 32 ? 0xffff : left <= 16 ? 0 : (__mmask16)((1u << (left - 16)) - 1);
        for (int w = 0; w < width; w += 16) {
            __m512i r[16];
            for (int i = 0; i < 16; i++) {
                int row = w + i;
                const float *at = x + (size_t)(row < count ? row : 0) * stride + p;
                __mmask16 here = row < count ? 0xffff : 0;
                r[i] = (__m512i)_mm512_cvtne2ps_pbh(_mm512_maskz_loadu_ps(high & here, at + 16),
                                                    _mm512_maskz_loadu_ps(low & here, at));
            }
            transpose16(r);
            __mmask16 columns = width - w >= 16 ? 0xffff : (__mmask16)((1u << (width - w)) - 1);
            uint32_t *to = out + (size_t)(p / 2) * width + w;
            for (int i = 0; i < 16; i++)
                if (i < pairs) _mm512_mask_storeu_epi32(to + (size_t)i * width, columns, r[i]);
        }
    }
}

/// Packs `count` (≤ width) stored columns of `depth` values as [pairs][width] double words, the rest zeros.
BF16 static void pack_columns(const float *x, int stride, int count, int depth, int width, uint32_t *out) {
    for (int p = 0; p < depth; p += 2) {
        const float *even = x + (size_t)p * stride, *odd = even + (p + 1 < depth ? stride : 0);
        for (int w = 0; w < width; w += 16) {
            int left = count - w;
            __mmask16 real = left >= 16 ? 0xffff : left <= 0 ? 0 : (__mmask16)((1u << left) - 1);
            __mmask16 columns = width - w >= 16 ? 0xffff : (__mmask16)((1u << (width - w)) - 1);
            __m256i lo = (__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(real, even + w));
            __m256i hi = (__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(p + 1 < depth ? real : 0, odd + w));
            __m512i pair = _mm512_or_si512(_mm512_cvtepu16_epi32(lo), _mm512_slli_epi32(_mm512_cvtepu16_epi32(hi), 16));
            _mm512_mask_storeu_epi32(out + (size_t)(p / 2) * width + w, columns, pair);
        }
    }
}

/// One tile: C[12, 32] = A panel · B panel + beta·C.
BF16 static void tile(const uint32_t *a, const uint32_t *b, int pairs, float beta, float *c, size_t ldc) {
    __m512 sum[ROWS][2];
#pragma clang loop unroll(full)
    for (int r = 0; r < ROWS; r++) {
        sum[r][0] = sum[r][1] = _mm512_setzero_ps();
        _mm_prefetch(c + r * ldc, _MM_HINT_T0);
        _mm_prefetch(c + r * ldc + 16, _MM_HINT_T0);
    }
    for (int p = 0; p < pairs; p++, a += ROWS, b += COLUMNS) {
        __m512bh b0 = (__m512bh)_mm512_loadu_si512(b), b1 = (__m512bh)_mm512_loadu_si512(b + 16);
#pragma clang loop unroll(full)
        for (int r = 0; r < ROWS; r++) {
            __m512bh x = (__m512bh)_mm512_set1_epi32((int)a[r]);
            sum[r][0] = _mm512_dpbf16_ps(sum[r][0], x, b0);
            sum[r][1] = _mm512_dpbf16_ps(sum[r][1], x, b1);
        }
    }
    __m512 scale = _mm512_set1_ps(beta);
#pragma clang loop unroll(full)
    for (int r = 0; r < ROWS; r++)
        for (int h = 0; h < 2; h++) {
            float *at = c + r * ldc + 16 * h;
            _mm512_storeu_ps(at, beta == 0 ? sum[r][h] : _mm512_fmadd_ps(scale, _mm512_loadu_ps(at), sum[r][h]));
        }
}

/// A tile at the lower or right edge: through a full tile on the stack.
BF16 static void edge_tile(const uint32_t *a, const uint32_t *b, int pairs, float beta, float *c, size_t ldc, int rows,
                           int columns) {
    float whole[ROWS * COLUMNS];
    tile(a, b, pairs, 0, whole, COLUMNS);
    for (int r = 0; r < rows; r++)
        for (int j = 0; j < columns; j++) {
            float *at = c + r * ldc + j;
            *at = whole[r * COLUMNS + j] + (beta == 0 ? 0 : beta * *at);
        }
}

BF16 static void multiply_block(const uint32_t *a, const uint32_t *b, int pairs, int m, int n, float beta, float *c,
                                size_t ldc) {
    for (int i = 0; i < m; i += ROWS, a += (size_t)pairs * ROWS) {
        int rows = m - i < ROWS ? m - i : ROWS;
        if (rows == ROWS && n == COLUMNS)
            tile(a, b, pairs, beta, c + i * ldc, ldc);
        else
            edge_tile(a, b, pairs, beta, c + i * ldc, ldc, rows, n);
    }
}

BF16 static void multiply(int transA, int transB, int m, int n, int k, const float *a, int lda, const float *b, int ldb,
                          float beta, float *c, int ldc) {
    int blocks = (k + 2 * DEEP - 1) / (2 * DEEP), deep = ((k + blocks - 1) / blocks + 1) & ~1;
    int tall = m < TALL ? (m + ROWS - 1) / ROWS * ROWS : TALL;
    uint32_t *panelB = aligned_alloc(64, ((size_t)deep / 2 * (tall + COLUMNS) * 4 + 63) & ~(size_t)63);
    if (!panelB) abort();
    uint32_t *panelsA = panelB + (size_t)deep / 2 * COLUMNS;
    for (int i = 0; i < m; i += tall) {
        int rows = m - i < tall ? m - i : tall;
        for (int p = 0; p < k; p += deep) {
            int depth = k - p < deep ? k - p : deep, pairs = (depth + 1) / 2;
            float keep = p == 0 ? beta : 1;
            for (int r = 0; r < rows; r += ROWS) {
                int count = rows - r < ROWS ? rows - r : ROWS;
                uint32_t *to = panelsA + (size_t)r * pairs;
                if (transA)
                    pack_columns(a + (size_t)p * lda + i + r, lda, count, depth, ROWS, to);
                else
                    pack_rows(a + (size_t)(i + r) * lda + p, lda, count, depth, ROWS, to);
            }
            for (int j = 0; j < n; j += COLUMNS) {
                int columns = n - j < COLUMNS ? n - j : COLUMNS;
                if (transB)
                    pack_rows(b + (size_t)j * ldb + p, ldb, columns, depth, COLUMNS, panelB);
                else
                    pack_columns(b + (size_t)p * ldb + j, ldb, columns, depth, COLUMNS, panelB);
                multiply_block(panelsA, panelB, pairs, rows, columns, keep, c + (size_t)i * ldc + j, (size_t)ldc);
            }
        }
    }
    free(panelB);
}

void gs_gemm_bf16(int transA, int transB, int m, int n, int k, const float *a, int lda, const float *b, int ldb,
                  float beta, float *c, int ldc) {
    if (k > 0 && gs_has_bf16())
        multiply(transA, transB, m, n, k, a, lda, b, ldb, beta, c, ldc);
    else
        multiply_portable(transA, transB, m, n, k, a, lda, b, ldb, beta, c, ldc);
}

#else

int gs_has_bf16(void) { return 0; }

void gs_gemm_bf16(int transA, int transB, int m, int n, int k, const float *a, int lda, const float *b, int ldb,
                  float beta, float *c, int ldc) {
    multiply_portable(transA, transB, m, n, k, a, lda, b, ldb, beta, c, ldc);
}
#endif
