internal import Domain
package import Logging
package import Store
internal import Telemetry

/// One stream's way into a live job: each batch is kept exactly once, however often the connection breaks.
package struct LiveWriter: Sendable {
    private let store: Store
    private let logger: Logger
    package private(set) var source: LiveSource

    /// - Parameter source: opened by nobody else, or by processes that write the same bytes at the same positions.
    package init(store: Store, source: LiveSource, logger: Logger) {
        self.store = store
        self.source = source
        self.logger = logger
    }

    /// Keeps a batch, and goes on trying while PostgreSQL is away.
    ///
    /// - Parameter deadline: when to give up; whether the batch was kept is then unknown, and the writer must be made anew.
    package mutating func keep(
        _ batch: LiveBatch, until deadline: ContinuousClock.Instant? = nil
    ) async throws -> LiveOutcome {
        var backoff = Backoff()
        while true {
            do {
                let outcome = try await store.accept(batch, from: source)
                if case .accepted = outcome { source.position += batch.length }
                return outcome
            } catch {
                let isLate = if let deadline { ContinuousClock.now >= deadline } else { false }
                guard Store.isOutage(error), !isLate, !Task.isCancelled else { throw error }
                await backoff.wait(logger, "cannot keep posts", error)
            }
        }
    }
}
