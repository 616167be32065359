#include "network.h"
#include <string.h>

// The unit is the vector's lane, so wider vectors change nothing but the speed.
#if defined(__x86_64__) && defined(__linux__)
#define WIDEST __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDEST
#endif

#define WIDTH GS_NETWORK_WIDTH

static inline __attribute__((always_inline)) const float *layer(const float *weights, size_t inputs, const float *x,
                                                                float *y) {
#pragma clang fp contract(off)
    float sums[WIDTH];
    memcpy(sums, weights, sizeof sums);
    weights += WIDTH;
    for (size_t i = 0; i < inputs; i++, weights += WIDTH)
        for (size_t unit = 0; unit < WIDTH; unit++) sums[unit] += x[i] * weights[unit];
    for (size_t unit = 0; unit < WIDTH; unit++) y[unit] = sums[unit] > 0 ? sums[unit] : 0;
    return weights;
}

WIDEST void gs_small_network(const float *weights, size_t inputs, size_t outputs, const float *x, float *y) {
#pragma clang fp contract(off)
    float first[WIDTH], second[WIDTH];
    weights = layer(weights, inputs, x, first);
    weights = layer(weights, WIDTH, first, second);
    for (size_t output = 0; output < outputs; output++) y[output] = weights[output];
    weights += outputs;
    for (size_t i = 0; i < WIDTH; i++, weights += outputs)
        for (size_t output = 0; output < outputs; output++) y[output] += second[i] * weights[output];
}
