/// Draws an index with a chance proportional to its weight, in constant time (Vose's alias method, in integers).
struct WeightedChoice: Sendable {
    private let limits: [UInt32]
    private let others: [UInt32]

    /// Weights are whole numbers; they are compared with 32 bits of the random number, so their sum stays below 2³¹.
    init(_ weights: [Int]) {
        let count = weights.count
        let total = weights.reduce(0, +)
        precondition(total > 0 && weights.allSatisfy { $0 >= 0 }, "weights must have a positive sum, got \(weights)")
        // Scaled so that the mean is `total`: all stays whole.
        var scaled = weights.map { $0 * count }
        var limits = [UInt32](repeating: .max, count: count)
        var others = (0..<count).map { UInt32($0) }
        var small = scaled.indices.filter { scaled[$0] < total }
        var large = scaled.indices.filter { scaled[$0] >= total }
        while let poor = small.popLast(), let rich = large.last {
            limits[poor] = UInt32((UInt64(scaled[poor]) << 32) / UInt64(total) & 0xffff_ffff)
            others[poor] = UInt32(rich)
            scaled[rich] -= total - scaled[poor]
            if scaled[rich] < total {
                large.removeLast()
                small.append(rich)
            }
        }
        self.limits = limits
        self.others = others
    }

    func draw(_ random: inout Seeded) -> Int {
        let bits = random.next()
        let slot = Int(((bits >> 32) &* UInt64(limits.count)) >> 32)
        return UInt32(truncatingIfNeeded: bits) <= limits[slot] ? slot : Int(others[slot])
    }

    /// The n-th of `count` has 1/(n + shift) of the chance: Zipf's law with a flattened top.
    static func zipf(_ count: Int, shift: Int) -> WeightedChoice {
        // Two million ranks give a sum of about 2²⁶ · ln 2²¹, which is below 2³¹.
        WeightedChoice((1...max(count, 1)).map { max((1 << 26) / ($0 + shift), 1) })
    }
}
