import Anomalies

/// One brand's year under the detector: what it found, when, and what it raised for nothing.
struct BurstTrial {
    private(set) var bursts = 0
    /// How many bursts were alerted while they lasted.
    private(set) var found = 0
    /// Windows from a burst's first to the one that alerted: 0 is at once.
    private(set) var delays: [Int] = []
    /// Alerts outside bursts and the day after them.
    private(set) var falseAlarms = 0
    /// Alerts beyond the first of a burst.
    private(set) var repeats = 0
    /// Days watched, from the end of the warm-up.
    private(set) var days = 0.0

    mutating func run(_ brand: BurstTrace.Brand, seed: UInt64, detector: Detector, budget: AlertBudget) {
        let trace = BurstTrace(brand, seed: seed)
        var state = detector.start()
        var machine = EpisodeMachine()
        var alerts: [Int] = []
        // An alert that was open already and tells of a graver departure is news of the burst, no false alarm.
        var updates: [Int] = []
        for (window, count) in trace.counts.enumerated() {
            let start = trace.start + Int64(window) * brand.grain
            let surprise = detector.advance(&state, start: start, value: count)
            let events = machine.advance(
                start: start, grain: brand.grain, value: count, surprise: surprise, threshold: budget.severity)
            for event in events {
                switch event {
                case .opened: alerts.append(window)
                case .grew: updates.append(window)
                case .peaked, .closed: break
                }
            }
        }
        judge(alerts, updates, trace, windowsPerDay: Int(86_400 / brand.grain))
        days += Double(brand.days) - 2
    }

    private mutating func judge(_ alerts: [Int], _ updates: [Int], _ trace: BurstTrace, windowsPerDay: Int) {
        bursts += trace.bursts.count
        var explained = 0
        for burst in trace.bursts {
            let during = (alerts + updates).filter { $0 >= burst.onset && $0 < burst.onset + burst.windows }
            let after = alerts.count { $0 >= burst.onset && $0 < burst.onset + burst.windows + windowsPerDay }
            explained += after
            if let first = during.min() {
                found += 1
                delays.append(first - burst.onset)
            }
            repeats += max(after - 1, 0)
        }
        falseAlarms += alerts.count - explained
    }

    var recall: Double { Double(found) / Double(max(bursts, 1)) }

    /// The share of all bursts alerted within so many windows after their first.
    func recall(within windows: Int) -> Double {
        Double(delays.count { $0 <= windows }) / Double(max(bursts, 1))
    }

    func delay(quantile: Double) -> Int? {
        guard !delays.isEmpty else { return nil }
        return delays.sorted()[min(Int(quantile * Double(delays.count)), delays.count - 1)]
    }

    var falseAlarmsPerWeek: Double { Double(falseAlarms) * 7 / max(days, 1) }
}
