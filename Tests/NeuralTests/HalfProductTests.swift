import CKernels
import Neural
import Testing

/// Products of numbers rounded to bf16, as training uses them, against three plain loops.
@Suite struct HalfProductTests {
    /// One product: sizes, how the operands lie in memory, and how much of the old result stays.
    struct Product: CustomTestStringConvertible {
        var m: Int
        var n: Int
        var k: Int
        var transposesA: Bool
        var transposesB: Bool
        var beta: Float
        var seed: UInt64

        var testDescription: String {
            "\(m)×\(n)×\(k), transposed \(transposesA) \(transposesB), beta \(beta), seed \(seed)"
        }
    }

    static let products: [Product] = (0..<40).map { (seed: UInt64) in
        var random = SplitMix(seed: seed)
        // Some are taller, some deeper than a block of the kernel.
        let tallest: UInt64 = seed % 4 == 0 ? 1100 : 50
        let deepest: UInt64 = seed % 4 == 1 ? 1100 : 50
        return Product(
            m: 1 + Int(random.next() % tallest), n: 1 + Int(random.next() % 80), k: Int(random.next() % deepest),
            transposesA: random.next() % 2 == 0, transposesB: random.next() % 2 == 0,
            beta: Float(random.next() % 3) / 2,
            seed: seed)
    }

    @Test(arguments: products) func aProductMatchesPlainLoops(_ p: Product) {
        var random = SplitMix(seed: p.seed + 1000)
        // Rows are longer in memory than in the product, as a part of a larger matrix has them.
        let lda = (p.transposesA ? p.m : p.k) + 3
        let ldb = (p.transposesB ? p.k : p.n) + 1
        let ldc = p.n + 2
        let a = (0..<lda * max(p.m, p.k)).map { _ in random.normal() }
        let b = (0..<ldb * max(p.n, p.k)).map { _ in random.normal() }
        let old = (0..<ldc * p.m).map { _ in random.normal() }
        var c = old
        gs_gemm_bf16(
            p.transposesA ? 1 : 0, p.transposesB ? 1 : 0, Int32(p.m), Int32(p.n), Int32(p.k), a, Int32(lda), b,
            Int32(ldb), p.beta, &c, Int32(ldc))
        var worst: Float = 0
        for i in 0..<p.m {
            for j in 0..<p.n {
                var sum: Float = 0
                for q in 0..<p.k {
                    let x = p.transposesA ? a[q * lda + i] : a[i * lda + q]
                    let y = p.transposesB ? b[j * ldb + q] : b[q * ldb + j]
                    sum += Self.rounded(x) * Self.rounded(y)
                }
                worst = max(worst, abs(c[i * ldc + j] - (sum + p.beta * old[i * ldc + j])))
            }
            #expect(c[i * ldc + p.n] == old[i * ldc + p.n], "row \(i) is written beyond its end")
        }
        #expect(worst < 1e-3, "off by \(worst)")
    }

    @Test func withoutOldResultNothingOfItIsRead() {
        var c: [Float] = [.nan, .nan]
        gs_gemm_bf16(0, 0, 1, 2, 1, [2], 1, [3, 4], 2, 0, &c, 2)
        #expect(c == [6, 8])
    }

    /// The nearest number with 8 significant bits, ties to the even one.
    static func rounded(_ x: Float) -> Float {
        let bits = x.bitPattern
        return Float(bitPattern: (bits &+ 0x7fff &+ (bits >> 16 & 1)) & 0xffff_0000)
    }
}
