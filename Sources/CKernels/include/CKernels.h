#pragma once
#include "elementwise.h"
#include "gemm_bf16.h"
#include "encoder.h"
#include "network.h"
