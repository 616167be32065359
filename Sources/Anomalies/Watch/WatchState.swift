internal import Domain
internal import Foundation

/// All that is remembered of a brand's series up to a time; late posts that come after it make no revision.
package struct WatchState: Equatable, Sendable, Codable {
    /// One series.
    struct Series: Equatable, Sendable, Codable {
        private var platform: UInt8?
        private var metric: UInt8
        private var state: Data
        var machine: EpisodeMachine
        /// When the last window with posts began.
        var heard: Int64

        init(_ key: SeriesKey, _ state: SeriesState, _ machine: EpisodeMachine, heard: Int64) {
            platform = key.platform?.rawValue
            metric = key.metric.rawValue
            self.state = Data(state.bytes)
            self.machine = machine
            self.heard = heard
        }

        /// `nil` for numbers of another version.
        var seriesState: SeriesState? { SeriesState(bytes: Array(state)) }

        func isOf(_ key: SeriesKey) -> Bool {
            platform == key.platform?.rawValue && metric == key.metric.rawValue
        }
    }

    /// The settings and weights that it was made with; others begin anew.
    var maker: String
    /// Start of the first window.
    package var begin: Int64
    /// Start of the first window that is not in it.
    package var next: Int64
    var series: [Series] = []

    /// The start of the earliest episode that goes on, or of the next window.
    package var earliest: Int64 { series.compactMap(\.machine.current?.start).min().map { min($0, next) } ?? next }

    init(maker: String, begin: Int64) {
        self.maker = maker
        self.begin = begin
        next = begin
    }

    /// As JSON, with keys in order.
    package var bytes: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // A value of numbers, texts and bytes can always be written.
        return (try? encoder.encode(self)).map(Array.init) ?? []
    }

    /// `nil` for what another version wrote.
    package init?(bytes: [UInt8]) {
        guard let state = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else { return nil }
        self = state
    }
}
