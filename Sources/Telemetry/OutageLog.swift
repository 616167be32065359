package import Logging
internal import Synchronization

/// Lets one warning a second through for the whole process: many loops meet the same outage.
package final class OutageLog: Sendable {
    package static let shared = OutageLog()

    private static let interval = Duration.seconds(1)

    private struct State {
        var last: ContinuousClock.Instant?
        var dropped = 0
    }

    private let state = Mutex(State())

    package func warn(_ logger: Logger, _ message: Logger.Message, _ error: any Error) {
        guard let dropped = admit(at: .now) else { return }
        var metadata: Logger.Metadata = ["error": "\(error)"]
        if dropped > 0 { metadata["left out"] = "\(dropped)" }
        logger.warning(message, metadata: metadata)
    }

    /// How many lines were dropped since the last one; `nil` when this one is dropped too.
    func admit(at now: ContinuousClock.Instant) -> Int? {
        state.withLock { state in
            if let last = state.last, now - last < Self.interval {
                state.dropped += 1
                return nil
            }
            defer { state = State(last: now) }
            return state.dropped
        }
    }
}
