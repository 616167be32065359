package import Neural

/// The mentions of an invented brand: what would have come, and what came with bursts on top.
///
/// Brands differ by size, by their days and weeks, by how slowly their level wanders, by how their news come and by how
/// far counts scatter; the ranges are wide on purpose, as nothing here knows which brands will be watched.
package struct SimulatedHistory: Sendable {
    package let grain: Int64
    package let start: Int64
    /// What came without the injected bursts.
    package let ordinary: [Float]
    /// What came.
    package let counts: [Float]

    /// - Parameter burstsPerDay: how many bursts of 2 to 20 times the usual are injected.
    package init(
        grain: Int64, windows: Int, burstsPerDay: Double = 0.3, newsPerDay: ClosedRange<Double> = 0...0.5,
        using random: inout SplitMix
    ) {
        self.grain = grain
        // Any of 28 days, at midnight.
        start = 1_700_006_400 + Int64(random.next() % 28) * 86_400
        var rates = Self.rates(grain: grain, start: start, windows: windows, using: &random)
        let windowsPerDay = 86_400 / Double(grain)
        let news =
            newsPerDay.lowerBound
            + (newsPerDay.upperBound - newsPerDay.lowerBound) * Double(random.uniform())
        Self.addBursts(
            to: &rates, chance: news / windowsPerDay, least: 0.3, windowsPerDay: windowsPerDay, using: &random)
        let spread = Logarithm.exponential(Self.draw(-6, -0.7, &random))
        let ordinary = rates.map { Float(CountSampler.count(mean: $0, spread: spread, using: &random)) }
        var burst = [Double](repeating: 0, count: windows)
        var factors = [Double](repeating: 1, count: windows)
        Self.addBursts(
            to: &factors, chance: burstsPerDay / windowsPerDay, least: 1, windowsPerDay: windowsPerDay, using: &random)
        for window in 0..<windows where factors[window] > 1 {
            burst[window] = CountSampler.count(
                mean: rates[window] * (factors[window] - 1), spread: spread, using: &random)
        }
        self.ordinary = ordinary
        counts = zip(ordinary, burst).map { $0 + Float($1) }
    }

    private static func draw(_ low: Double, _ high: Double, _ random: inout SplitMix) -> Double {
        low + (high - low) * Double(random.uniform())
    }

    /// The mean of each window: size × hour × weekday × a level that wanders × noise that lasts for hours.
    private static func rates(
        grain: Int64, start: Int64, windows: Int, using random: inout SplitMix
    ) -> [Double] {
        // From 6 to 300,000 mentions a day.
        let size = Logarithm.exponential(draw(1.8, 12.6, &random)) * Double(grain) / 86_400
        let hours = hourProfile(&random)
        let weekend = draw(-0.9, 0.3, &random)
        let days = (0..<7).map { day in Double(random.normal()) * 0.1 + (day == 2 || day == 3 ? weekend : 0) }
        let windowsPerDay = 86_400 / Double(grain)
        let wander = draw(0, 0.15, &random) / windowsPerDay.squareRoot()
        let noise = draw(0, 0.4, &random)
        // The noise is forgotten in a quarter of an hour to a day.
        let keep = Logarithm.exponential(-1 / max(Logarithm.exponential(draw(-4.5, 0, &random)) * windowsPerDay, 0.5))
        let kick = noise * (1 - keep * keep).squareRoot()
        var level = 0.0
        var drift = 0.0
        return (0..<windows).map { window in
            let middle = start + Int64(window) * grain + grain / 2
            level += wander * Double(random.normal())
            drift = drift * keep + kick * Double(random.normal())
            let hour = Double(middle % 86_400) / 3600
            let low = Int(hour) % 24
            let share = hour - hour.rounded(.down)
            let season = grain < 86_400 ? hours[low] * (1 - share) + hours[(low + 1) % 24] * share : 0
            return size * Logarithm.exponential(season + days[Int(middle / 86_400 % 7)] + level + drift)
        }
    }

    /// A smooth day: random numbers around the clock, blurred over some hours.
    private static func hourProfile(_ random: inout SplitMix) -> [Double] {
        let amplitude = draw(0, 2.2, &random)
        var profile = (0..<24).map { _ in Double(random.normal()) }
        for _ in 0..<6 {
            let before = profile
            for hour in 0..<24 {
                profile[hour] = (before[(hour + 23) % 24] + before[hour] + before[(hour + 1) % 24]) / 3
            }
        }
        let squares = profile.map { $0 * $0 }.reduce(0, +)
        let deviation = (squares / 24).squareRoot()
        return profile.map { $0 / max(deviation, 1e-6) * amplitude / 2 }
    }

    /// Multiplies stretches of the rates: at once or rising for up to an hour, then fading over minutes to hours.
    private static func addBursts(
        to rates: inout [Double], chance: Double, least: Double, windowsPerDay: Double, using random: inout SplitMix
    ) {
        let hour = max(windowsPerDay / 24, 1)
        for onset in rates.indices where Double(random.uniform()) < chance {
            let height = Logarithm.exponential(least + CountSampler.exponential(using: &random) * 0.6) - 1
            let rise = Double(random.uniform()) < 0.6 ? 0 : draw(0, hour, &random)
            let fading = Logarithm.exponential(draw(-1.5, 1.8, &random)) * hour
            for window in onset..<min(rates.count, onset + Int(rise + 5 * fading) + 1) {
                let age = Double(window - onset)
                let shape = age < rise ? (age + 1) / (rise + 1) : Logarithm.exponential(-(age - rise) / fading)
                rates[window] *= 1 + height * shape
            }
        }
    }
}
