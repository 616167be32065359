/// One number for each view of a series, worked on together.
///
/// A view is an expectation seen through a span of windows: four expectations, four spans. Lanes 0…3 ask for the highest
/// count of weeks, whatever the hour; 4…7 and 8…11 are the seasonal baseline with half of its season and all of it; 12…15
/// are the forecaster.
package typealias Lanes = SIMD16<Float>

/// What the lanes stand for.
enum View {
    /// How many windows a view looks back over, on average: one window, three, an hour and three hours of five-minute windows.
    ///
    /// Sums fade instead of dropping their oldest window, so that no window needs to be remembered.
    static let spans: [Float] = [1, 3, 12, 36]

    /// How far a baseline trusts the season.
    ///
    /// Brands differ in how regular they are; the mean over views that ignore it, believe half of it and all of it errs
    /// less than any one of them.
    static let strengths: [Float] = [0, 0.5, 1]

    /// The lane of a strength and a span.
    static func lane(strength: Int, span: Int) -> Int { strength * 4 + span }

    /// The lane of the whole season and a single window: the plainest view there is.
    static let fullSeason = 8

    /// The lane of the forecaster over a span.
    static func forecast(span: Int) -> Int { 12 + span }

    /// What remains of a sum after one window.
    ///
    /// - Parameter block: windows over which maxima are compared. No span is longer, else one burst would be the maximum of
    ///   many blocks.
    static func fading(block: Float) -> Lanes { lanes { 1 - 1 / min(spans[$0 % 4], block) } }

    /// Within a span, half the weight to the baselines, shared equally, and half to the forecaster.
    static let weights = lanes { $0 < 12 ? 0.5 / 3 : 0.5 }

    /// Which views look for records: all ones in their lanes.
    static let isRecord: SIMDMask<SIMD16<Int32>> = lanes { $0 < 4 ? 1 : 0 } .> .zero

    /// The same number in each lane of an expectation: three strengths, then the forecaster.
    static func spread(_ x: SIMD4<Float>) -> Lanes {
        Lanes(
            lowHalf: SIMD8(lowHalf: SIMD4(repeating: x.x), highHalf: SIMD4(repeating: x.y)),
            highHalf: SIMD8(lowHalf: SIMD4(repeating: x.z), highHalf: SIMD4(repeating: x.w)))
    }

    private static func lanes(_ value: (Int) -> Float) -> Lanes {
        var lanes = Lanes.zero
        for lane in 0..<Lanes.scalarCount { lanes[lane] = value(lane) }
        return lanes
    }
}

/// The larger of two in each lane.
///
/// The standard library's `pointwiseMax` goes through the lanes one by one; this compares them all at once.
func greater(_ a: Lanes, _ b: Lanes) -> Lanes { a.replacing(with: b, where: a .< b) }

/// The smaller of two in each lane.
func lesser(_ a: Lanes, _ b: Lanes) -> Lanes { a.replacing(with: b, where: b .< a) }
