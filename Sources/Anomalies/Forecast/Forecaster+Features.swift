extension Forecaster {
    /// What the forecaster knows before a window is seen: 20 numbers, most of them between -3 and 3.
    ///
    /// - 0…8: how the last windows compared with the baseline, per strength and span.
    /// - 9, 10: the same over four hours, and the day's level against the week's.
    /// - 11…13: logarithms of the series' own spreads per span.
    /// - 14: the brand's size. 15: its season now. 16, 17: the hour of the day. 18: its age. 19: the grain.
    package static func features(
        _ state: SeriesState, _ profile: SeriesProfile, start: Int64, season: Float, mean: Float
    ) -> SIMD32<Float> {
        let one = Lanes(repeating: 1)
        let ratios = Elementary.logarithm((state.seen + one) / (state.expected + one))
        var terms = one
        terms[0] = (state.longSeen + 1) / (state.longExpected + 1)
        terms[1] = (state.dayValue.z + 0.5) * (state.weekWeight.z + 1)
        terms[2] = (state.dayWeight.z + 1) * (state.weekValue.z + 0.5)
        for span in 0..<3 { terms[3 + span] = state.spread[View.lane(strength: 2, span: span)] }
        terms[6] = mean + 0.1
        terms[7] = state.age(grain: profile.grain) + 1
        terms[8] = Float(profile.grain) / 300
        let logarithms = Elementary.logarithm(terms)

        var features = SIMD32<Float>.zero
        for view in 0..<View.baselines { features[view] = ratios[view] }
        features[9] = logarithms[0]
        features[10] = logarithms[1] - logarithms[2]
        for span in 0..<3 { features[11 + span] = (logarithms[3 + span] + 3) / 2 }
        features[14] = (logarithms[6] - 1) / 2
        features[15] = season
        let angle = hourAngle(start + profile.grain / 2)
        features[16] = angle.x
        features[17] = angle.y
        features[18] = logarithms[7] / 2 - 1
        features[19] = logarithms[8] / 2
        return features
    }

    /// Where on the clock's circle a second lies: two triangular waves, a quarter of a day apart.
    private static func hourAngle(_ second: Int64) -> SIMD2<Float> {
        let turn = Float(((second % 86_400) + 86_400) % 86_400) / 86_400
        let quarter = turn < 0.75 ? turn + 0.25 : turn - 0.75
        return SIMD2(abs(turn * 4 - 2) - 1, abs(quarter * 4 - 2) - 1)
    }
}
