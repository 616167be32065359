import Anomalies
import Foundation

/// The detector's scores of one benchmark series, from its first row to its last without looking ahead.
struct NabScores {
    /// Severity of rows that opened an alert or told of its growth, else 0.
    private(set) var scores: [Float] = []
    private(set) var grain: Int64

    /// - Parameters:
    ///   - series: mentions of `realTweets` are counts, watched for rises; all else is a gauge, watched both ways.
    ///   - budget: alerts are those that a user with this budget would get.
    init(_ series: NabFolder.Series, _ forecaster: Forecaster, budget: AlertBudget = .usual) {
        grain = series.grain
        let isCount = series.category == "realTweets"
        let detector = Detector(
            SeriesProfile(kind: isCount ? .count : .gauge, direction: isCount ? .up : .both, grain: grain), forecaster)
        var state = detector.start()
        var machine = EpisodeMachine()
        var last = Int64.min
        for row in series.rows {
            // Clocks set back repeat an hour: what was heard already is not judged again.
            guard row.second > last, row.number.isFinite else {
                scores.append(0)
                continue
            }
            last = row.second
            let surprise = detector.advance(&state, start: row.second, value: row.number)
            let events = machine.advance(
                start: row.second, grain: grain, value: row.number, surprise: surprise, threshold: budget.severity)
            let isTold = events.contains { event in
                switch event {
                case .opened, .grew: true
                case .peaked, .closed: false
                }
            }
            scores.append(isTold ? Severity.of(logReturnDays: surprise.logReturnDays) : 0)
        }
    }

    func alerts(_ threshold: Float) -> Int { scores.count { $0 >= threshold } }

    /// Writes `timestamp,value,anomaly_score`.
    func write(_ series: NabFolder.Series, below folder: String) throws {
        let file = URL(fileURLWithPath: folder).appendingPathComponent(series.key)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        var text = "timestamp,value,anomaly_score\n"
        for (row, score) in zip(series.rows, scores) { text += "\(row.timestamp),\(row.value),\(score)\n" }
        try text.write(to: file, atomically: true, encoding: .utf8)
    }
}
