/// Round values along the upright axis.
struct ValueTicks: Equatable, Sendable {
    /// Ascending, the same step apart.
    let values: [Double]

    /// - Parameter count: ticks at most; at least two come.
    init(covering range: ClosedRange<Double>, count: Int) {
        var (low, high) = (range.lowerBound, range.upperBound)
        if !(high - low > abs(high) * 1e-9) || high - low < 1e-9 {
            // A constant stands in the middle, or on the axis where it is zero.
            let room = low == 0 ? 1 : abs(low) / 2
            (low, high) = low == 0 ? (0, 1) : (low - room, high + room)
        }
        let step = Self.roundStep(atLeast: (high - low) / Double(max(count - 1, 1)))
        let first = (low / step).rounded(.down)
        let last = (high / step - 1e-9).rounded(.up)
        // Halves of huge numbers need no more ticks than were asked for, but at least two.
        values = (0...Int(min(max(last - first, 1), 1000))).map { (first + Double($0)) * step }
    }

    /// 1, 2 or 5 times a power of ten.
    private static func roundStep(atLeast least: Double) -> Double {
        var power = 1.0
        while power > least { power /= 10 }
        while power * 10 <= least { power *= 10 }
        for factor in [1.0, 2, 5] where factor * power >= least { return factor * power }
        return 10 * power
    }

    /// `0`, `0.25`, `850`, `1.5k`, `2.5M`: three digits, and no more than are needed.
    static func text(_ value: Double) -> String {
        let size = abs(value)
        guard size.isFinite else { return "–" }
        if size < 1e-12 { return "0" }
        if size >= 1e15 || size < 1e-3 { return scientific(value) }
        let (unit, name) =
            size >= 999.5e9
            ? (1e12, "T")
            : size >= 999.5e6
                ? (1e9, "G")
                : size >= 999.5e3
                    ? (1e6, "M")
                    : size >= 1000 ? (1e3, "k") : (1.0, "")
        let scaled = size / unit
        let places = scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : scaled >= 1 || !name.isEmpty ? 2 : 3
        return (value < 0 ? "−" : "") + decimal(scaled, places: places) + name
    }

    /// Without zeros at the end.
    private static func decimal(_ value: Double, places: Int) -> String {
        let power = [1, 10, 100, 1000][places]
        let whole = Int((value * Double(power)).rounded())
        var digits = String(whole % power)
        digits = String(repeating: "0", count: places - min(digits.count, places)) + digits
        while digits.last == "0" { digits.removeLast() }
        return whole % power == 0 ? String(whole / power) : "\(whole / power).\(digits)"
    }

    private static func scientific(_ value: Double) -> String {
        var exponent = 0
        var mantissa = abs(value)
        while mantissa >= 9.95 {
            mantissa /= 10
            exponent += 1
        }
        while mantissa < 0.995 {
            mantissa *= 10
            exponent -= 1
        }
        return (value < 0 ? "−" : "") + decimal(mantissa, places: 1) + "e\(exponent)"
    }
}
