import COpenBLAS

/// The only door to OpenBLAS.
///
/// Raw pointers stay inside this file.
enum BLAS {
    /// One thread for each call: engine threads scale, and a pool of BLAS's own would fight with them for the cores.
    private static let singleThreaded: Void = openblas_set_num_threads(1)

    /// Which operand of a product is read transposed.
    enum Transposed {
        case neither
        case left
        case right
    }

    /// `c = scale·c + a·b` on row-major blocks.
    ///
    /// - `c` is `[m, n]` with `n` as its row length; `a` is `[m, k]` or, transposed, `[k, m]`; `b` is `[k, n]` or `[n, k]`.
    /// - Each operand starts at its offset, in floats, within its buffer.
    static func multiply(
        _ a: [Float], from aStart: Int = 0, _ b: [Float], from bStart: Int = 0, into c: inout [Float],
        from cStart: Int = 0, m: Int, n: Int, k: Int, transposed: Transposed = .neither, keeping scale: Float = 0
    ) {
        guard m > 0, n > 0 else { return }
        precondition(aStart >= 0 && aStart + m * k <= a.count, "left operand holds \(a.count), needs \(aStart + m * k)")
        precondition(
            bStart >= 0 && bStart + k * n <= b.count, "right operand holds \(b.count), needs \(bStart + k * n)")
        precondition(cStart >= 0 && cStart + m * n <= c.count, "result holds \(c.count), needs \(cStart + m * n)")
        _ = singleThreaded
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                c.withUnsafeMutableBufferPointer { c in
                    guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
                    cblas_sgemm(
                        CblasRowMajor, transposed == .left ? CblasTrans : CblasNoTrans,
                        transposed == .right ? CblasTrans : CblasNoTrans, size(m), size(n), size(k), 1, a + aStart,
                        size(transposed == .left ? m : k), b + bStart, size(transposed == .right ? k : n), scale,
                        c + cStart, size(n))
                }
            }
        }
    }

    /// `y = w·x` for weights `[m, k]` and columns that lie side by side: `x` is `[k, n]` and `y` `[m, n]`, within rows
    /// of the given lengths.
    static func multiply(
        _ w: [Float], m: Int, k: Int, _ x: UnsafePointer<Float>, rowLength xLength: Int, n: Int,
        into y: UnsafeMutablePointer<Float>, rowLength yLength: Int
    ) {
        precondition(w.count == m * k && n <= xLength && n <= yLength, "\(w.count) weights for \(m) × \(k)")
        _ = singleThreaded
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, size(m), size(n), size(k), 1, w, size(k), x, size(xLength), 0,
            y, size(yLength))
    }

    /// `y += scale·x`.
    static func add(_ x: [Float], scaled scale: Float, to y: inout [Float]) {
        precondition(x.count == y.count, "vectors of \(x.count) and \(y.count)")
        _ = singleThreaded
        cblas_saxpy(size(x.count), scale, x, 1, &y, 1)
    }

    /// `x·y`, added up in double precision.
    static func dot(_ x: [Float], _ y: [Float]) -> Double {
        precondition(x.count == y.count, "vectors of \(x.count) and \(y.count)")
        _ = singleThreaded
        return cblas_dsdot(size(x.count), x, 1, y, 1)
    }

    /// BLAS counts in its own integer, which is 32 bits wide here.
    private static func size(_ count: Int) -> blasint { blasint(count) }
}
