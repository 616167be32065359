/// Random numbers from a seed (SplitMix64): small, fast, and the same on every machine.
package struct Seeded: Sendable {
    private var state: UInt64

    package init(_ seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        return Self.mix(state)
    }

    /// A number of 0 ..< bound.
    ///
    /// The bias of the multiplication is below 2⁻³² for the bounds used here.
    package mutating func below(_ bound: Int) -> Int { Int(((next() >> 32) &* UInt64(bound)) >> 32) }

    package mutating func percent(_ share: Int) -> Bool { below(100) < share }

    /// One number from another, without state: what belongs to the n-th author.
    static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
