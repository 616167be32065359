/// Tells how rare a window is for its series.
///
/// Two halves are averaged: baselines that believe none of the season, half of it and all of it, and a learned forecaster.
/// Each gives, over spans of one to thirty-six windows, a surprise that is measured against the largest surprises of the
/// series' own past half days.
package struct Detector: Sendable {
    package let profile: SeriesProfile
    let forecaster: Forecaster?
    let priors: SurprisePriors
    /// What remains of the levels' sums after a window.
    let dayKeep: Float
    let weekKeep: Float
    /// How fast a spread follows.
    let spreadRate: Float
    private let blockDays: Float
    /// What remains of each view's sums after a window.
    private let fading: Lanes
    /// Turns a faded sum of independent counts into a count with the same ratio of variance to mean as one count has.
    let equivalent: Lanes

    /// Nothing is said of a series before it has lived through two days.
    static let warmUpBlocks: Float = 4

    /// - Parameter forecaster: for counts; gauges are forecast by their own last windows.
    package init(_ profile: SeriesProfile, _ forecaster: Forecaster?) {
        self.profile = profile
        self.forecaster = profile.kind == .count ? forecaster : nil
        priors = (profile.kind == .count ? forecaster?.priors : nil) ?? .gauge
        let ln2: Float = 0.693_147_2
        // A memory is at least some eight windows, for series by the day.
        dayKeep = 1 - min(ln2 * Float(profile.grain) / 86_400, 1 / 8)
        weekKeep = 1 - min(ln2 * Float(profile.grain) / 604_800, 1 / 8)
        spreadRate = 1 - weekKeep
        fading = View.fading(block: Float(profile.blockSeconds / profile.grain))
        equivalent = 1 + fading
        blockDays = Float(profile.blockSeconds) / 86_400
    }

    package func start() -> SeriesState { SeriesState(priors) }

    /// Takes in the next window.
    ///
    /// - Windows come in order. One that is left out is unknown, not zero.
    /// - Precondition: the value is finite; a count is not negative.
    package func advance(_ state: inout SeriesState, start: Int64, value: Float) -> Surprise {
        precondition(value.isFinite && (profile.kind == .gauge || value >= 0), "a window's value of \(value)")
        openWindow(&state, start)
        let season = state.season.term(start: start, grain: profile.grain)
        var means = baseline(state, season, value)
        var spread = state.spread
        if let forecaster {
            let mean = means[View.fullSeason]
            let features = Forecaster.features(state, profile, start: start, season: season, mean: mean)
            let forecast = forecaster.forecast(features)
            means.highHalf.highHalf = SIMD4(repeating: mean * forecast.ratio)
            spread.highHalf.highHalf = SIMD4(repeating: forecast.spread)
        }
        state.seen = state.seen * fading + value
        state.expected = state.expected * fading + means
        let surprise = judge(&state, deviates(state, spread), means, spread)
        learn(&state, start: start, value: value, season: season, means: means)
        return surprise
    }

    /// Takes in the same window of many series.
    package func advance(_ states: inout [SeriesState], start: Int64, values: [Float]) -> [Surprise] {
        precondition(states.count == values.count, "\(values.count) values for \(states.count) series")
        return values.indices.map { advance(&states[$0], start: start, value: values[$0]) }
    }

    /// What the forecaster would be shown of the next window, and the count that the seasonal baseline expects of it.
    package func forecastInput(_ state: SeriesState, start: Int64) -> (features: SIMD32<Float>, mean: Float) {
        var state = state
        openWindow(&state, start)
        let season = state.season.term(start: start, grain: profile.grain)
        let mean = baseline(state, season, 0)[View.fullSeason]
        return (Forecaster.features(state, profile, start: start, season: season, mean: mean), mean)
    }

    /// Ends what a new window ends: blocks, hours, and sums that a gap has torn.
    private func openWindow(_ state: inout SeriesState, _ start: Int64) {
        let block = start.floored(by: profile.blockSeconds)
        guard let last = state.last else {
            state.last = start
            state.hour = start.floored(by: max(profile.grain, 3600))
            state.spread = Lanes(repeating: profile.kind == .count ? 0.1 : 0)
            return
        }
        precondition(start > last, "window \(start) after window \(last)")
        if last.floored(by: profile.blockSeconds) != block {
            state.rises.close(after: state.blocks)
            state.drops.close(after: state.blocks)
            state.joint.close(after: state.blocks)
            state.blocks += 1
        }
        if start - last >= 2 * profile.grain {
            state.seen = .zero
            state.expected = .zero
        }
        let hour = start.floored(by: max(profile.grain, 3600))
        if hour != state.hour { learnSeason(&state, next: hour) }
        state.last = start
    }

    /// What each view expects of the window by level and season; without a forecaster its lanes follow the middle one.
    private func baseline(_ state: SeriesState, _ season: Float, _ value: Float) -> Lanes {
        switch profile.kind {
        case .count:
            // Half a post in one window keeps a silent brand above zero.
            let level = (state.weekValue + 0.5) / (state.weekWeight + 1)
            let full = Elementary.exponential(season)
            var means = level * SIMD4(1, full.squareRoot(), full, 1)
            means.w = means.y
            return View.spread(means)
        case .gauge:
            guard state.windows > 0 else { return Lanes(repeating: value) }
            // Levels of machines and shares shift for good: the day's has half a say.
            let level = (state.dayValue / state.dayWeight + state.weekValue / state.weekWeight) * 0.5
            var means = level + season * SIMD4(0, 0.5, 1, 0)
            means.w = state.longSeen / state.longExpected
            return View.spread(means)
        }
    }

    private func deviates(_ state: SeriesState, _ spread: Lanes) -> Lanes {
        switch profile.kind {
        case .count:
            CountTail.deviate(
                count: state.seen * equivalent, mean: state.expected * equivalent, spread: spread,
                record: (state.seen + 1) / (state.expected + 1))
        case .gauge:
            (state.seen - state.expected) / greater(spread, Lanes(repeating: .leastNormalMagnitude)).squareRoot()
        }
    }

    /// Measures the deviates against the series' own past and remembers them.
    private func judge(_ state: inout SeriesState, _ deviates: Lanes, _ means: Lanes, _ spread: Lanes) -> Surprise {
        var joint = SIMD2<Float>(repeating: -.infinity)
        if profile.direction != .down {
            joint.x = together(state.rises.reduced(deviates))
            state.rises.see(deviates)
        }
        if profile.direction != .up {
            joint.y = together(state.drops.reduced(-deviates))
            state.drops.see(-deviates)
        }
        let reduced = state.joint.reduced(joint)
        state.joint.open = pointwiseMax(state.joint.open, joint)
        let isDrop = reduced.y > reduced.x
        var rarity = -Float.infinity
        if state.blocks >= Self.warmUpBlocks {
            // Departures come at a rate of e^-y per block, two in one block counted as two: a budget counts alerts.
            rarity = max(reduced.x, reduced.y) + Elementary.logarithm(blockDays)
            // Two directions have twice the chance to depart.
            if profile.direction == .both { rarity -= 0.693_147_2 }
        }
        let expected = 0.5 * (means[View.lane(strength: 1, span: 0)] + means[View.forecast(span: 0)])
        let noise = 0.5 * (spread[View.lane(strength: 1, span: 0)] + spread[View.forecast(span: 0)])
        let variance = profile.kind == .count ? expected + expected * expected * noise : noise
        return Surprise(
            logReturnDays: rarity, isDrop: isDrop, expected: expected, deviation: max(variance, 0).squareRoot())
    }

    /// What the views say together.
    ///
    /// The greatest over spans, as a burst is seen by the span of its length. Over expectations, for counts the weighted
    /// mean of the logarithms of return periods, as all err, each in its own way; for gauges the greatest too: a level, a
    /// rhythm and a jump are seen by different views. The joint calibration pays for each choice.
    private func together(_ reduced: Lanes) -> Float {
        switch profile.kind {
        case .count:
            let said = Gumbel.logReturnPeriod(reduced) * View.weights
            return (said.lowHalf.lowHalf + said.lowHalf.highHalf + said.highHalf.lowHalf + said.highHalf.highHalf).max()
        case .gauge:
            // None louder than 20 Gumbel scales.
            return greater(lesser(reduced, Lanes(repeating: 20)), Lanes(repeating: -20)).max()
        }
    }
}

extension Int64 {
    /// The largest multiple of `step` that is not above this.
    func floored(by step: Int64) -> Int64 {
        let rest = self % step
        return rest >= 0 ? self - rest : self - rest - step
    }
}
