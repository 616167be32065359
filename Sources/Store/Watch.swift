package import Anomalies
package import Domain
package import Trends

/// A watched brand whose closed windows are to be judged.
package struct WatchClaim: Equatable, Sendable {
    package var watch: Int32
    package var monitor: String
    package var brand: String
    /// The length of its windows.
    package var seconds: Int64
    /// The jobs whose counts are to be judged.
    package var jobs: [Int32]
    /// Start of the first window, and end of the last one that is closed.
    package var begin: Int64
    package var until: Int64
    /// From here on other jobs than those that were judged have changed the counts; `nil` when the jobs are the same.
    package var changedFrom: Int64?
    /// `WatchState.bytes`, as it was kept.
    package var state: [UInt8]?
    /// The monitor as it was submitted last.
    package var monitorYAML: String
}

/// What was judged of a watched brand.
package struct WatchVerdict: Sendable {
    /// Windows up to here were judged.
    package var until: Int64
    package var state: [UInt8]
    package var changes: [AnomalyChange]
    package var rules: AlertRules
    /// Names of the channels that are told.
    package var channels: [String]

    package init(
        until: Int64, state: [UInt8], changes: [AnomalyChange], rules: AlertRules = AlertRules(),
        channels: [String] = []
    ) {
        self.until = until
        self.state = state
        self.changes = changes
        self.rules = rules
        self.channels = channels
    }
}

/// What a verdict may rest on: reads within the transaction that holds the brand's lock.
package protocol WatchEvidence {
    /// What was counted in [since, until), by the start of windows that have posts.
    func windows(since: Int64, until: Int64, platform: Platform?, withAuthors: Bool) throws -> [Int64: WindowTotals]
    /// The voices of the hours in [since, until), by their start.
    func voices(since: Int64, until: Int64) throws -> [Int64: Voices]
    /// The anomalies that were not over at a time.
    func anomalies(since: Int64) throws -> [AnomalyRecord]
}
