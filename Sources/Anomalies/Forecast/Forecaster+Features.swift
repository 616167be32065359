extension Forecaster {
    /// What the forecaster knows before a window is seen: 24 numbers, most of them between -3 and 3.
    ///
    /// - 0…11: how the last windows compared with the baseline, per strength and span.
    /// - 12, 13: the same over four hours, and the day's level against the week's.
    /// - 14…17: logarithms of the series' own spreads per span.
    /// - 18: the brand's size. 19: its season now. 20, 21: the hour of the day. 22: its age. 23: the grain.
    package static func features(
        _ state: SeriesState, _ profile: SeriesProfile, start: Int64, season: Float, mean: Float
    ) -> SIMD32<Float> {
        let one = Lanes(repeating: 1)
        let ratios = Elementary.logarithm((state.seen + one) / (state.expected + one))
        var terms = one
        terms[0] = (state.longSeen + 1) / (state.longExpected + 1)
        terms[1] = (state.dayValue.z + 0.5) * (state.weekWeight.z + 1)
        terms[2] = (state.dayWeight.z + 1) * (state.weekValue.z + 0.5)
        for span in 0..<4 { terms[3 + span] = state.spread[View.lane(strength: 2, span: span)] }
        terms[7] = mean + 0.1
        terms[8] = state.age(grain: profile.grain) + 1
        terms[9] = Float(profile.grain) / 300
        let logarithms = Elementary.logarithm(terms)

        var features = SIMD32<Float>.zero
        features.lowHalf.lowHalf = ratios.lowHalf
        features.lowHalf.highHalf.lowHalf = ratios.highHalf.lowHalf
        features[12] = logarithms[0]
        features[13] = logarithms[1] - logarithms[2]
        for span in 0..<4 { features[14 + span] = (logarithms[3 + span] + 3) / 2 }
        features[18] = (logarithms[7] - 1) / 2
        features[19] = season
        let angle = hourAngle(start + profile.grain / 2)
        features[20] = angle.x
        features[21] = angle.y
        features[22] = logarithms[8] / 2 - 1
        features[23] = logarithms[9] / 2
        return features
    }

    /// Where on the clock's circle a second lies: two triangular waves, a quarter of a day apart.
    private static func hourAngle(_ second: Int64) -> SIMD2<Float> {
        let turn = Float(((second % 86_400) + 86_400) % 86_400) / 86_400
        let quarter = turn < 0.75 ? turn + 0.25 : turn - 0.75
        return SIMD2(abs(turn * 4 - 2) - 1, abs(quarter * 4 - 2) - 1)
    }
}
