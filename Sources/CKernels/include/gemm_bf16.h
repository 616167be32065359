#pragma once

/// Whether this processor multiplies bf16 pairs in its vector units (AVX-512 BF16).
int gs_has_bf16(void);

/// C = op(A)·op(B) + beta·C in row-major order: the inputs rounded to bf16, the sums kept in fp32.
///
/// op(A) is [m, k] and op(B) is [k, n]; a transposed operand is stored the other way round. The inputs are rounded to
/// the nearest bf16, ties to even. One thread. Where `gs_has_bf16` is 0 the answer is the same up to the order of the
/// sum but slow: such a caller is better served by BLAS. With a beta of 0, C is not read.
void gs_gemm_bf16(int transA, int transB, int m, int n, int k, const float *a, int lda, const float *b, int ldb,
                  float beta, float *c, int ldc);
