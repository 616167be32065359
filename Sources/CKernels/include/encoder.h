#pragma once
#include <stddef.h>
#include <stdint.h>

// The kernels of a transformer encoder. Tokens lie in the lanes of vectors: an activation is a matrix [features, tokens],
// so that what concerns one token (its range, its norm, its softmax) happens in one lane, without shuffles, and no lane
// ever touches another. A token's bits therefore do not depend on its neighbours.
//
// Products work on panels of 16, 32 or 48 tokens. Each function takes the instruction set to use, one that
// `gs_supports` approves.

/// How many tokens a vector holds.
#define GS_VECTOR 16
/// How many tokens the largest panel holds.
#define GS_PANEL 48
/// How many outputs one tile of packed weights covers; the outputs of a layer are a multiple of it.
#define GS_TILE 8

typedef enum {
    GS_PORTABLE = 0,
    GS_AVX2 = 1,
    GS_AVX512_VNNI = 2,
    GS_AVX512_BF16 = 3,
    GS_NEON_DOT = 4,
} gs_instructions;

/// Whether this processor has the instruction set.
int gs_supports(gs_instructions set);

/// The fastest one of this processor.
gs_instructions gs_fastest(void);

/// A layer `y = x·Wᵀ + b` with its weights packed.
typedef struct {
    int inputs, outputs;
    /// Bytes [outputs/8][inputs/4][8][4], or bf16 [outputs/8][inputs/2][8][2].
    const void *weights;
    /// The size of a weight's unit, and the sum of each output's weights; with bf16 not read.
    const float *unit, *sum;
    const float *bias;
} gs_layer;

/// The activations of a panel, ready for a product.
typedef struct {
    int tokens;
    /// Bytes [inputs/4][tokens][4], or bf16 [inputs/2][tokens][2].
    void *values;
    /// A value is byte · unit - shift, one of each for a token; with bf16 not used.
    float *unit, *shift;
} gs_operand;

/// Packs int8 weights [outputs, inputs]: scales each output by its largest weight.
void gs_pack_int8(const float *weights, int inputs, int outputs, int8_t *packed, float *unit, float *sum);

/// Packs bf16 weights [outputs, inputs], rounded to the nearest, ties to even.
void gs_pack_bf16(const float *weights, int inputs, int outputs, uint16_t *packed);

/// Turns rows [features][stride] of floats into an operand: each token gets its own range.
void gs_quantise(gs_instructions set, const float *rows, size_t stride, int features, gs_operand *out);

/// The same for bf16.
void gs_round(gs_instructions set, const float *rows, size_t stride, int features, gs_operand *out);

/// Normalises each token over its features, in place: (x - mean) / deviation · gain + bias.
void gs_normalise(gs_instructions set, float *rows, size_t stride, int features, int tokens, const float *gain,
                  const float *bias, float epsilon);

/// `y = layer(x)` into rows [outputs][stride].
void gs_store(gs_instructions set, int bf16, const gs_operand *x, const gs_layer *layer, float *rows, size_t stride);

/// `rows += layer(x)`.
void gs_add(gs_instructions set, int bf16, const gs_operand *x, const gs_layer *layer, float *rows, size_t stride);

/// `y = gelu(layer(x))` as the operand of the next layer; `rows` [outputs][tokens] is space for it, with bf16 not used.
void gs_gelu_operand(gs_instructions set, int bf16, const gs_operand *x, const gs_layer *layer, float *rows,
                     gs_operand *y);

/// Queries, keys and values of a block of tokens, as `gs_attend` of the same instruction set reads them.
///
/// A row holds `stride` tokens, at least 48 more than there are; the value behind the last one is finite.
typedef struct {
    int width, heads;
    size_t stride;
    float *rows;
} gs_planes;

/// Queries, keys and values `layer(x)` of a panel that begins at token `start`, exact (in fp32).
void gs_project(gs_instructions set, int bf16, const gs_operand *x, const gs_layer *layer, gs_planes *planes,
                size_t start);

/// Attention within the text of tokens start..<start + count, all heads, into rows [width][stride].
///
/// Scores are powers of two: queries come multiplied by log2(e)/√(width/heads). Writes up to 47 tokens beyond the
/// text's end, so texts go in order. `scores` is space for 48 · (count + 8) floats. `exact`: the planes are rows of fp32
/// [3·width][stride] and everything is done in fp32, with all its digits.
void gs_attend(gs_instructions set, int exact, const gs_planes *planes, size_t start, int count, float *scores,
               float *rows);

/// `rows += x + bias`, both [features][tokens].
void gs_add_biased(gs_instructions set, const float *x, const float *bias, int features, int tokens, float *rows);

/// `rows += bias`, [features][stride].
void gs_add_bias_rows(gs_instructions set, float *rows, size_t stride, int features, int tokens, const float *bias);

/// `rows = gelu(rows + bias)`, [features][tokens], with all the digits of fp32.
void gs_exact_gelu(gs_instructions set, float *rows, const float *bias, int features, int tokens);

/// [count][width] to [width][stride]; the lanes up to the next multiple of 16 become zeros.
void gs_to_lanes(gs_instructions set, const float *tokens, int count, int width, float *rows, size_t stride);

/// [width][stride] to [count][width].
void gs_from_lanes(gs_instructions set, const float *rows, size_t stride, int count, int width, float *tokens);
