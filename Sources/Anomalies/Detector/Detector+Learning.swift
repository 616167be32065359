extension Detector {
    /// How many deviations a single window may move levels and spreads by: bursts pass, the baseline stays.
    private static let clip: Float = 3
    /// Until a dozen windows have come nothing is an outlier.
    private static let leastWindows: Float = 12

    /// Moves levels, spreads and the season's hour by what the window brought.
    func learn(_ state: inout SeriesState, start: Int64, value: Float, season: Float, means: Lanes) {
        let full = View.fullSeason
        let mean = means[full]
        let isSettled = state.windows >= Self.leastWindows
        switch profile.kind {
        case .count:
            let most = mean + Self.clip * (mean + mean * mean * state.spread[full]).squareRoot() + 1
            let taken = isSettled ? min(value, most) : value
            let factor = Elementary.exponential(season)
            addLevel(&state, SIMD4(repeating: taken), weight: SIMD4(1, factor.squareRoot(), factor, 1))
            learnCountSpread(&state)
            state.longSeen = state.longSeen * Self.longKeep + taken
            state.longExpected = state.longExpected * Self.longKeep + mean
            state.hourValue += taken
        case .gauge:
            let reach = Self.clip * state.spread[full].squareRoot()
            let taken = isSettled ? min(max(value, mean - reach), mean + reach) : value
            addLevel(&state, SIMD4(repeating: taken) - season * SIMD4(0, 0.5, 1, 0), weight: SIMD4(repeating: 1))
            learnGaugeSpread(&state)
            // A gauge is forecast by its last dozen windows.
            state.longSeen = state.longSeen * Self.recentKeep + value
            state.longExpected = state.longExpected * Self.recentKeep + 1
            state.hourValue += taken
        }
        state.hourExpected += mean
        state.hourWindows += 1
        state.windows += 1
    }

    /// Twelve windows.
    private static let recentKeep: Float = 1 - 1 / 12

    /// Forty-eight windows: four hours of five minutes.
    private static let longKeep: Float = 1 - 1 / 48

    private func addLevel(_ state: inout SeriesState, _ value: SIMD4<Float>, weight: SIMD4<Float>) {
        state.dayValue = state.dayValue * dayKeep + value
        state.dayWeight = state.dayWeight * dayKeep + weight
        state.weekValue = state.weekValue * weekKeep + value
        state.weekWeight = state.weekWeight * weekKeep + weight
    }

    /// The negative binomial's excess of variance over the mean, relative to the squared mean.
    ///
    /// A window of few posts says little about it and moves it little.
    private func learnCountSpread(_ state: inout SeriesState) {
        let mean = greater(state.expected * equivalent, Lanes(repeating: 1e-3))
        let difference = state.seen * equivalent - mean
        let variance = mean + mean * mean * state.spread
        let square = lesser(difference * difference, Self.clip * Self.clip * variance)
        let raw = (square - mean) / (mean * mean)
        let trust = mean / (mean + 1)
        let rate = max(spreadRate, 1 / (state.windows + 2 * Self.leastWindows))
        let moved = state.spread + rate * trust * trust * (raw - state.spread)
        state.spread = lesser(greater(moved, Lanes(repeating: 1e-3)), Lanes(repeating: 10))
    }

    private func learnGaugeSpread(_ state: inout SeriesState) {
        let difference = state.seen - state.expected
        var square = difference * difference
        if state.windows >= Self.leastWindows {
            square = lesser(square, Self.clip * Self.clip * state.spread + state.spread.max() * 1e-4)
        }
        let rate = max(spreadRate, 1 / (state.windows + 1))
        state.spread += rate * (square - state.spread)
    }

    /// Gives the ended hour to the season.
    func learnSeason(_ state: inout SeriesState, next hour: Int64) {
        let age = state.age(grain: profile.grain)
        let seconds = max(profile.grain, 3600)
        switch profile.kind {
        case .count:
            let error = Elementary.logarithm((state.hourValue + 1) / (state.hourExpected + 1)).clamped(to: 1)
            // An hour of four posts is worth half: its own noise is as large as what brands differ by.
            let trust = state.hourExpected / (state.hourExpected + 4)
            state.season.learn(error, trust: trust, start: state.hour, seconds: seconds, age: age)
        case .gauge where state.hourWindows > 0:
            let error = (state.hourValue - state.hourExpected) / state.hourWindows
            state.season.learn(error, trust: 1, start: state.hour, seconds: seconds, age: age)
        case .gauge: break
        }
        state.hour = hour
        state.hourValue = 0
        state.hourExpected = 0
        state.hourWindows = 0
    }
}
