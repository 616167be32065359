#pragma once
#include <stddef.h>

/// y = gelu(x) with the error function, x and y of n floats.
void gs_gelu(const float *x, float *y, size_t n);
