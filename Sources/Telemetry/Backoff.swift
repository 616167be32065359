package import Logging

/// Pauses between tries of a server that does not answer: doubling, with full jitter, from 50 ms to 1 s.
///
/// The longest pause is short, since it adds to the connection's own: after an outage work flows again within both.
/// Source of full jitter: M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
package struct Backoff: Sendable {
    private static let first = Duration.milliseconds(50)
    private static let longest = Duration.seconds(1)

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
        OutageLog.shared.warn(logger, message, error)
        await wait()
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
