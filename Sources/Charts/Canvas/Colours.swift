/// Colours that colour-blind people can tell apart, on white: those of Okabe and Ito, and greys.
struct Colour: Equatable, Sendable {
    var red: UInt8
    var green: UInt8
    var blue: UInt8
    var opacity: Double = 1

    init(_ hex: UInt32, opacity: Double = 1) {
        red = UInt8(truncatingIfNeeded: hex >> 16)
        green = UInt8(truncatingIfNeeded: hex >> 8)
        blue = UInt8(truncatingIfNeeded: hex)
        self.opacity = opacity
    }

    /// `#0072B2`.
    var hex: String {
        "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }
}

extension Ink {
    var colour: Colour {
        switch self {
        case .series: Colour(0x0072B2)
        case .band: Colour(0x56B4E9, opacity: 0.35)
        case .incident: Colour(0xE69F00, opacity: 0.3)
        case .axis: Colour(0x444444)
        case .grid: Colour(0xE4E4E4)
        }
    }

    /// How thick a line is, in points.
    var thickness: Double { self == .series ? 1.5 : 1 }
}

extension Lettering {
    var colour: Colour {
        switch self {
        case .title: Colour(0x111111)
        case .plain: Colour(0x333333)
        case .faint: Colour(0x595959)
        // Vermillion, a fifth darker: 4.5 to 1 on white.
        case .label: Colour(0xB34E00)
        }
    }

    /// Points.
    var size: Double { self == .title ? 16 : 12 }
    var isBold: Bool { self == .title || self == .label }
}

extension CanvasMetrics {
    /// Of files, in points.
    static func picture(width: Double, height: Double) -> Self {
        Self(
            width: width, height: height, row: 18, gap: 8, tick: 5, axis: 0, margin: 14, column: 1,
            dot: Point(x: 0, y: 0))
    }
}
