internal import CKernels

/// The vector instructions that an ``Encoder`` uses.
package enum InstructionSet: String, CaseIterable, Sendable {
    case portable
    case avx2 = "AVX2"
    case avx512VNNI = "AVX-512 VNNI"
    case avx512BF16 = "AVX-512 VNNI and BF16"
    case neonDot = "NEON dot product"

    /// The fastest of this processor.
    package static let best: Self = available.first { $0.kernels == gs_fastest() } ?? .portable

    /// Those of this processor.
    package static let available: [Self] = allCases.filter { gs_supports($0.kernels) != 0 }

    var kernels: gs_instructions {
        switch self {
        case .portable: GS_PORTABLE
        case .avx2: GS_AVX2
        case .avx512VNNI: GS_AVX512_VNNI
        case .avx512BF16: GS_AVX512_BF16
        case .neonDot: GS_NEON_DOT
        }
    }
}
