import Anomalies
import Foundation
import Harness
import Neural

/// Counts of an invented brand, and the weights that ship.
enum Simulation {
    /// The forecaster in `Models/anomaly`.
    static func forecaster() throws -> Forecaster {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Models/anomaly/model.safetensors")
        return try Forecaster(Safetensors(bytes: Array(Data(contentsOf: folder))))
    }

    /// Windows of five minutes with quiet nights.
    static func counts(days: Int, perWindow mean: Double, _ random: inout Seeded) -> [Float] {
        (0..<days * 288).map { window in
            let hour = Double(window % 288) / 12
            let season = 0.3 + 1.4 * max(0, sin((hour - 6) / 24 * 2 * .pi) + 0.5) / 1.5
            return Float(poisson(mean * season, &random))
        }
    }

    static func poisson(_ mean: Double, _ random: inout Seeded) -> Int {
        guard mean > 0 else { return 0 }
        if mean > 60 {
            let normal = (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
            return max(0, Int((mean + normal * mean.squareRoot()).rounded()))
        }
        let floor = exp(-mean)
        var product = Double.random(in: 0..<1, using: &random)
        var count = 0
        while product > floor {
            product *= Double.random(in: 0..<1, using: &random)
            count += 1
        }
        return count
    }

    /// Every window's surprise, and the episodes they make at a budget.
    static func watch(
        _ values: [Float?], _ detector: Detector, budget: AlertBudget = .usual, from start: Int64 = 1_700_006_400
    ) -> (surprises: [Surprise], events: [EpisodeMachine.Event], state: SeriesState) {
        var state = detector.start()
        var machine = EpisodeMachine()
        var surprises: [Surprise] = []
        var events: [EpisodeMachine.Event] = []
        let grain = detector.profile.grain
        for (window, value) in values.enumerated() {
            guard let value else { continue }
            let start = start + Int64(window) * grain
            let surprise = detector.advance(&state, start: start, value: value)
            surprises.append(surprise)
            events += machine.advance(
                start: start, grain: grain, value: value, surprise: surprise, threshold: budget.severity)
        }
        return (surprises, events, state)
    }
}
