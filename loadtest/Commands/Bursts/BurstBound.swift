import Foundation

/// How well any detector could do on bursts of a height: the likelihood-ratio test of Neyman and Pearson.
///
/// It knows each hour's rate, the scatter, the burst's height and that a burst can begin only every so many windows, and it
/// may spend its false alarms at the hours where they bring most. A week is cut into groups of windows that do not overlap;
/// within a budget no test finds more of the bursts that begin with a group and must be told by its end.
struct BurstBound {
    let brand: BurstTrace.Brand
    let perWeek: Double

    /// The share of bursts that can be told by their window number `windows`, at most.
    func recall(windows: Int) -> Double {
        var outcomes: [(ratio: Double, ordinary: Double, burst: Double)] = []
        let rates = groupRates(windows)
        let groups = Double(rates.values.reduce(0, +))
        let spread = brand.spread / Double(windows)
        for (rate, number) in rates {
            let high = rate * brand.factor
            let most = Int(high + 12 * (high + spread * high * high).squareRoot()) + 20
            var ordinary = Self.logNone(rate, spread)
            var burst = Self.logNone(high, spread)
            for count in 0...most {
                outcomes.append(
                    (burst - ordinary, exp(ordinary) * Double(number), exp(burst) * Double(number) / groups))
                ordinary += Self.logStep(rate, spread, count)
                burst += Self.logStep(high, spread, count)
            }
        }
        outcomes.sort { $0.ratio > $1.ratio }
        var left = perWeek
        var recall = 0.0
        for outcome in outcomes {
            guard outcome.ordinary < left else { return recall + outcome.burst * left / outcome.ordinary }
            left -= outcome.ordinary
            recall += outcome.burst
        }
        return min(recall, 1)
    }

    /// How many groups of an ordinary week have which rate.
    private func groupRates(_ windows: Int) -> [Double: Int] {
        var rates: [Double: Int] = [:]
        let seconds = brand.grain * Int64(windows)
        for group in 0..<Int(604_800 / seconds) {
            let middle = Double(Int64(group) * seconds) + Double(seconds) / 2
            let rate = brand.hourly * Double(seconds) / 3600 * BurstTrace.season(middle, phase: 0)
            rates[(rate * 1e6).rounded() / 1e6, default: 0] += 1
        }
        return rates
    }

    /// The logarithm of a negative binomial's chance of none, and what the next count adds to it.
    private static func logNone(_ mean: Double, _ spread: Double) -> Double { -log1p(spread * mean) / spread }

    private static func logStep(_ mean: Double, _ spread: Double, _ count: Int) -> Double {
        log((1 + spread * Double(count)) * mean / ((1 + spread * mean) * Double(count + 1)))
    }
}
