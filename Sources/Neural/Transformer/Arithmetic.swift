internal import CKernels

/// How training multiplies matrices.
package enum Arithmetic: String, CaseIterable, Sendable {
  /// OpenBLAS in 32-bit floats.
  case blas
  /// Factors rounded to 16 bits, sums in 32: about twice as fast where the processor can.
  case bf16

  /// The fastest that this processor can.
  package static var best: Self { gs_has_bf16() != 0 ? .bf16 : .blas }
}

extension Arithmetic {
  /// See `BLAS.multiply`.
  func multiply(
    _ a: [Float], _ b: [Float], into c: inout [Float], m: Int, n: Int, k: Int,
    transposed: BLAS.Transposed = .neither, keeping scale: Float = 0
  ) {
    precondition(
      a.count >= m * k && b.count >= k * n && c.count >= m * n,
      "operands too short for \(m), \(n), \(k)")
    switch self {
    case .blas:
      BLAS.multiply(a, b, into: &c, m: m, n: n, k: k, transposed: transposed, keeping: scale)
    case .bf16:
      gs_gemm_bf16(
        transposed == .left ? 1 : 0, transposed == .right ? 1 : 0, Int32(m), Int32(n), Int32(k), a,
        Int32(transposed == .left ? m : k), b, Int32(transposed == .right ? k : n), scale, &c,
        Int32(n))
    }
  }
}
