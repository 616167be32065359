import Logging
import Synchronization

/// Lets one line per second through for the whole process: a server that is away must not fill the logs.
enum LineLimiter {
    private struct State {
        var last: ContinuousClock.Instant?
        var dropped = 0
    }

    private static let state = Mutex(State())

    static func log(_ level: Logger.Level, to logger: Logger, _ message: @autoclosure () -> String) {
        let dropped: Int? = state.withLock { state in
            let now = ContinuousClock.now
            if let last = state.last, now - last < .seconds(1) {
                state.dropped += 1
                return nil
            }
            defer { state.dropped = 0 }
            state.last = now
            return state.dropped
        }
        guard let dropped else { return }
        let line = message()
        logger.log(level: level, "\(line)\(dropped == 0 ? "" : " (\(dropped) like lines left out)")")
    }
}
