/// One number for each view of a series, worked on together.
///
/// A view is a baseline seen through a span of windows. Lanes 0…8 are the seasonal baseline, at three seasonal strengths
/// over three spans; lanes 9…11 are the forecaster over the same spans; the rest lie idle.
package typealias Lanes = SIMD16<Float>

/// What the lanes stand for.
enum View {
    static let baselines = 9
    static let views = 12

    /// How many windows a view looks back over, on average: one window, three, and an hour of five-minute windows.
    ///
    /// Sums fade instead of dropping their oldest window, so that no window needs to be remembered.
    static let spans: [Float] = [1, 3, 12]

    /// How far a view trusts the season.
    ///
    /// Brands differ in how regular they are; the mean over views that ignore it, believe half of it and all of it errs
    /// less than any one of them.
    static let strengths: [Float] = [0, 0.5, 1]

    /// The lane of a strength and a span.
    static func lane(strength: Int, span: Int) -> Int { strength * 3 + span }

    /// The lane of the whole season and a single window: the plainest view there is.
    static let fullSeason = 6

    /// The lane of the forecaster over a span.
    static func forecast(span: Int) -> Int { baselines + span }

    /// What remains of a sum after one window.
    static let fading = lanes { 1 - 1 / $0 }

    /// Turns a faded sum of independent counts into a count with the same ratio of variance to mean as one count has.
    static let equivalent = lanes { 2 - 1 / $0 }

    /// Half the weight to the baselines and half to the forecaster, each shared by its views.
    static let weights: Lanes = {
        var weights = Lanes.zero
        for lane in 0..<views { weights[lane] = lane < baselines ? 0.5 / 9 : 0.5 / 3 }
        return weights
    }()

    private static func lanes(_ value: (Float) -> Float) -> Lanes {
        var lanes = Lanes.zero
        for lane in 0..<Lanes.scalarCount { lanes[lane] = value(lane < views ? spans[lane % 3] : 1) }
        return lanes
    }
}

/// The larger of two in each lane.
///
/// The standard library's `pointwiseMax` goes through the lanes one by one; this compares them all at once.
func greater(_ a: Lanes, _ b: Lanes) -> Lanes { a.replacing(with: b, where: a .< b) }

/// The smaller of two in each lane.
func lesser(_ a: Lanes, _ b: Lanes) -> Lanes { a.replacing(with: b, where: b .< a) }
