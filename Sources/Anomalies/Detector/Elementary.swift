internal import Neural

/// Logarithms and exponentials of our own.
///
/// The C library picks its functions by processor, and the last bit differs between them. These use additions and
/// multiplications in a fixed order, so that a series scores the same on every machine.
package enum Elementary {
    /// ln x of normal positive numbers, with an error of a few units in the last place.
    ///
    /// The polynomial is that of the Cephes library's `logf`.
    package static func logarithm(_ x: Lanes) -> Lanes {
        let bits = unsafeBitCast(x, to: SIMD16<Int32>.self)
        let exponent = (bits &- 0x3f35_04f3) &>> 23
        let t = unsafeBitCast(bits &- (exponent &<< 23), to: Lanes.self) - 1
        let e = Lanes(exponent)
        var series = t * 7.037_683_6e-2 - 1.151_461_0e-1
        series = series * t + 1.167_699_9e-1
        series = series * t - 1.242_014_1e-1
        series = series * t + 1.424_932_3e-1
        series = series * t - 1.666_805_8e-1
        series = series * t + 2.000_071_5e-1
        series = series * t - 2.499_999_4e-1
        series = series * t + 3.333_333_1e-1
        let square = t * t
        return (series * t * square - e * 2.121_944_4e-4 - square * 0.5 + t) + e * 0.693_359_375
    }

    package static func logarithm(_ x: Float) -> Float {
        let bits = Int32(bitPattern: x.bitPattern)
        let exponent = (bits &- 0x3f35_04f3) >> 23
        let t = Float(bitPattern: UInt32(bitPattern: bits &- (exponent << 23))) - 1
        let e = Float(exponent)
        var series: Float = t * 7.037_683_6e-2 - 1.151_461_0e-1
        series = series * t + 1.167_699_9e-1
        series = series * t - 1.242_014_1e-1
        series = series * t + 1.424_932_3e-1
        series = series * t - 1.666_805_8e-1
        series = series * t + 2.000_071_5e-1
        series = series * t - 2.499_999_4e-1
        series = series * t + 3.333_333_1e-1
        let square = t * t
        return (series * t * square - e * 2.121_944_4e-4 - square * 0.5 + t) + e * 0.693_359_375
    }

    /// e^x for numbers no further than 87 from zero, with an error of a few units in the last place.
    ///
    /// The polynomial is that of the Cephes library's `expf`.
    package static func exponential(_ x: Lanes) -> Lanes {
        // Adding one and a half times 2^23 leaves the nearest whole number in the lowest bits.
        let shift = Lanes(repeating: 12_582_912)
        let shifted = x * 1.442_695_04 + shift
        let whole = shifted - shift
        let r = (x - whole * 0.693_359_375) + whole * 2.121_944_4e-4
        var series = r * 1.987_569_15e-4 + 1.398_199_95e-3
        series = series * r + 8.333_451_9e-3
        series = series * r + 4.166_579_6e-2
        series = series * r + 1.666_666_55e-1
        series = series * r + 5.000_000_1e-1
        let fraction = series * r * r + r + 1
        let exponent = unsafeBitCast(shifted, to: SIMD16<Int32>.self) &- unsafeBitCast(shift, to: SIMD16<Int32>.self)
        return unsafeBitCast(unsafeBitCast(fraction, to: SIMD16<Int32>.self) &+ (exponent &<< 23), to: Lanes.self)
    }

    /// e^x, without overflow up to x = 87.
    package static func exponential(_ x: Float) -> Float {
        x <= 0 ? Softmax.exponential(x) : 1 / Softmax.exponential(-min(x, 87))
    }
}
