#pragma once
#include <stddef.h>

// A network small enough for the stack, one item at a time.

/// The widest layer.
#define GS_NETWORK_WIDTH 32

/// Two layers of 32 rectified units, then `outputs` plain ones, at most 32.
///
/// `weights` holds for each layer its biases, then for each of its inputs the weights towards all units. Every sum runs
/// over the inputs in order, with a rounding after each product: the bits are the same on every processor.
void gs_small_network(const float *weights, size_t inputs, size_t outputs, const float *x, float *y);
