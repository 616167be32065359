import Neural
import Training

/// A year of an invented brand whose bursts are known to the window.
///
/// Made apart from the histories that the forecaster was trained on: days are waves with an evening peak, the year has a
/// holiday season, and nothing else happens but what is injected.
struct BurstTrace {
    struct Burst {
        let onset: Int
        let windows: Int
    }

    struct Brand {
        /// Mentions an hour, on the mean of the year.
        let hourly: Double
        let grain: Int64
        let days: Int
        /// How many times the rate of the hour comes during a burst; 1 for none.
        let factor: Double
        /// Days from one burst to the next, on the mean.
        var daysBetween = 5.0
        /// How long a burst lasts.
        var burstSeconds: Int64 = 7200
        /// Scatter beyond Poisson: the variance is `mean + spread·mean²`.
        var spread = 0.02
    }

    let start: Int64 = 1_704_067_200  // 2024-01-01, a Monday
    let counts: [Float]
    let bursts: [Burst]

    /// Two weeks pass before the first burst.
    static let quietDays = 14

    init(_ brand: Brand, seed: UInt64) {
        var random = SplitMix(seed: seed)
        let windows = brand.days * Int(86_400 / brand.grain)
        let phase = Double(random.uniform()) * 24
        var factors = [Double](repeating: 1, count: windows)
        var bursts: [Burst] = []
        if brand.factor > 1 {
            let length = max(Int(brand.burstSeconds / brand.grain), 2)
            let perWindow = Double(brand.grain) / 86_400 / brand.daysBetween
            var window = Self.quietDays * Int(86_400 / brand.grain)
            while true {
                // At least a day apart, so that each is a story of its own.
                let wait = CountSampler.exponential(using: &random) * (brand.daysBetween - 1) + 1
                window += Int(wait / brand.daysBetween / perWindow)
                guard window + length <= windows else { break }
                bursts.append(Burst(onset: window, windows: length))
                for index in window..<window + length { factors[index] = brand.factor }
                window += length
            }
        }
        self.bursts = bursts
        let start = start
        counts = (0..<windows).map { window in
            let middle = Double(start + Int64(window) * brand.grain) + Double(brand.grain) / 2
            let rate = brand.hourly * Double(brand.grain) / 3600 * Self.season(middle, phase: phase)
            return Float(CountSampler.count(mean: rate * factors[window], spread: brand.spread, using: &random))
        }
    }

    /// Hours from a fifth to near twice the mean, quieter weekends, a busy December.
    static func season(_ second: Double, phase: Double) -> Double {
        let hour = (second / 3600 + phase).truncatingRemainder(dividingBy: 24)
        // A parabola over sixteen waking hours, and a floor for the night.
        let day = hour < 16 ? 0.2 + 1.7 * hour * (16 - hour) / 64 : 0.2
        let weekday = Int(second / 86_400 + 3) % 7
        let week = weekday >= 5 ? 0.7 : 1.1
        let yearDay = (second / 86_400).truncatingRemainder(dividingBy: 365.25)
        let year = yearDay > 330 ? 1 + (yearDay - 330) / 35 : 1
        return day / 0.825 * week * year
    }
}
