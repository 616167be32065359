#pragma once
#include <stddef.h>
#include <stdint.h>

// Element-wise work of an encoder in 32-bit floats, for training and as the reference of the faster kernels.
// All matrices are row-major. Every function computes a row, or a text, from that row or text alone.

/// y = x·Φ(x), the Gaussian error linear unit. Source: Hendrycks, Gimpel, arXiv 1606.08415.
void gs_gelu(const float *x, float *y, size_t count);
/// gradient *= d gelu(x)/dx.
void gs_gelu_backward(const float *restrict x, float *restrict gradient, size_t count);

/// Adds a bias to each row.
void gs_add_bias(float *x, const float *bias, size_t rows, size_t columns);
/// Adds the rows up: sums[column] += Σ x[row][column].
void gs_sum_rows(const float *x, float *sums, size_t rows, size_t columns);

/// normal = (x − mean)/deviation of each row, y = normal·gain + bias; `inverse` gets 1/deviation of each row.
void gs_layer_norm(const float *x, const float *gain, const float *bias, float epsilon, float *normal, float *inverse,
                   float *y, size_t rows, size_t columns);
/// The gradient by x, and those by gain and bias added up; dx may be dy.
void gs_layer_norm_backward(const float *normal, const float *inverse, const float *gain, const float *dy, float *dx,
                            float *dgain, float *dbias, size_t rows, size_t columns);

/// Attention of one text: qkv is [length, 3·heads·head], chances [heads, length, length], y [length, heads·head].
///
/// A head is at most 128 wide; `scratch` holds head·length floats.
void gs_attention(const float *qkv, float *chances, float *y, float *scratch, size_t length, size_t heads, size_t head);
/// The gradient by qkv, given that by y; `scratch` holds (head + length)·length floats.
void gs_attention_backward(const float *qkv, const float *chances, const float *dy, float *dqkv, float *scratch,
                           size_t length, size_t heads, size_t head);

/// Sets a share of the values to 0 and scales the others up; the same seed drops the same values.
void gs_dropout(float *x, size_t count, uint64_t seed, float share);

/// One step of AdamW with decoupled weight decay. Source: Loshchilov, Hutter, arXiv 1711.05101.
///
/// `rate` already carries the correction of the means; `decay` is rate · weight decay; gradients are scaled first.
void gs_adamw(float *weights, const float *gradients, float *means, float *squares, size_t count, float rate,
              float decay, float scale, float epsilon);
