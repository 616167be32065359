import Domain

/// How many posts each hour has, and how the brands share them.
struct Schedule {
    /// UTC hours of the day, relative: quiet at night, busy in the evening.
    private static let hours = [
        22, 16, 12, 10, 10, 14, 24, 38, 50, 54, 56, 58, 62, 60, 56, 56, 60, 66, 74, 80, 82, 74, 56, 36,
    ]
    /// Sunday to Saturday.
    private static let weekdays = [88, 98, 100, 102, 104, 106, 94]

    private let scenario: Scenario
    /// Posts per hour; they add up to exactly the scenario's posts.
    let posts: [Int]

    init(_ scenario: Scenario) {
        self.scenario = scenario
        let weights = (0..<scenario.days * 24).map { Self.weight(ofHour: $0, in: scenario) }
        let total = weights.reduce(0, +)
        var counts: [Int] = []
        var weightSoFar = 0
        var given = 0
        for weight in weights {
            weightSoFar += weight
            // Rounding the running sum, not each hour, loses and invents no post.
            let product = UInt64(weightSoFar).multipliedFullWidth(by: UInt64(scenario.posts))
            let due = Int(UInt64(total).dividingFullWidth(product).quotient)
            counts.append(due - given)
            given = due
        }
        posts = counts
    }

    /// The chances of "no brand" (index 0) and of each brand (index + 1) in this hour.
    func choice(hour: Int) -> WeightedChoice {
        WeightedChoice(Self.streams(hour: hour, in: scenario))
    }

    func isSpike(hour: Int) -> Bool { Self.isSpike(hour: hour, in: scenario) }

    func isCrash(hour: Int) -> Bool {
        guard let crash = scenario.crash else { return false }
        return Self.contains(hour, start: crash.start.seconds, hours: crash.hours, in: scenario)
    }

    private static func isSpike(hour: Int, in scenario: Scenario) -> Bool {
        guard let spike = scenario.spike else { return false }
        return contains(hour, start: spike.start.seconds, hours: spike.hours, in: scenario)
    }

    private static func contains(_ hour: Int, start: Int64, hours: Int, in scenario: Scenario) -> Bool {
        let moment = scenario.start.seconds + Int64(hour) * 3_600
        return moment >= start && moment < start + Int64(hours) * 3_600
    }

    private static func weight(ofHour hour: Int, in scenario: Scenario) -> Int {
        let moment = Timestamp(seconds: scenario.start.seconds + Int64(hour) * 3_600)
        let usual = hours[hour % 24] * weekdays[CivilTime(moment).weekday]
        // A spike adds posts; it does not silence the others.
        return usual * streams(hour: hour, in: scenario).reduce(0, +) / 1_000
    }

    /// Weights that add up to about 100,000 in an hour without spike.
    private static func streams(hour: Int, in scenario: Scenario) -> [Int] {
        let total = max(scenario.brands.map(\.weight).reduce(0, +), 1)
        var weights = [(100 - scenario.brandPercent) * 1_000]
        weights += scenario.brands.map { $0.weight * scenario.brandPercent * 1_000 / total }
        if let spike = scenario.spike, isSpike(hour: hour, in: scenario) { weights[spike.brand + 1] *= spike.factor }
        return weights
    }
}
