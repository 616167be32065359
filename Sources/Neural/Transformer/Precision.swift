internal import CKernels

/// How an ``Encoder`` calculates.
package enum Precision: String, CaseIterable, Sendable {
    /// Bytes: weights of one scale per output, activations of one range per token. The fastest by far.
    case int8
    /// 16-bit floats with sums of 32 bits: nearly exact.
    case bf16
    /// 32-bit floats through BLAS: the reference.
    case fp32

    /// The fastest on this processor.
    package static var best: Self { gs_fastest() == GS_PORTABLE ? .fp32 : .int8 }

    /// Whether this processor has the instructions for it; an encoder of another precision calculates in `fp32`.
    package var isNative: Bool { self != .bf16 || gs_supports(GS_AVX512_BF16) != 0 }
}
