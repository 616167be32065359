package import Logging
internal import Synchronization

/// Pauses between tries of a server that does not answer: doubling, with full jitter, from 50 ms to 2 s.
///
/// Two seconds, since the door below pauses too and work shall go on within five after the server's return.
///
/// Source of full jitter: M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
package struct Backoff: Sendable {
    private static let first = Duration.milliseconds(50)
    private static let longest = Duration.seconds(2)

    /// When the process last said that something is away: an outage meets many loops, and gives one line a second.
    private static let lastMessage = Mutex<ContinuousClock.Instant?>(nil)

    private var limit = Self.first

    package init() {}

    /// Something worked: the next trouble starts at the shortest pause.
    package mutating func reset() { limit = Self.first }

    /// Waits a random time up to the limit, then doubles the limit.
    ///
    /// Returns at once when cancelled.
    package mutating func wait() async {
        let pause = Duration.nanoseconds(Int64.random(in: 0...limit.nanoseconds))
        limit = min(limit * 2, Self.longest)
        try? await Task.sleep(for: pause)
    }

    /// Says what failed, then waits.
    package mutating func wait(_ logger: Logger, _ message: Logger.Message, _ error: any Error) async {
        let mayLog = Self.lastMessage.withLock { last in
            let now = ContinuousClock.now
            guard last.map({ now - $0 >= .seconds(1) }) ?? true else { return false }
            last = now
            return true
        }
        if mayLog { logger.warning(message, metadata: ["error": "\(error)"]) }
        await wait()
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
