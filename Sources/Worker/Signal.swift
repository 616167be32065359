/// Tells one waiting task that something changed.
///
/// Signals that come while nobody waits are kept as one.
final class Signal: Sendable {
    private let changes: AsyncStream<Void>
    private let change: AsyncStream<Void>.Continuation

    init() { (changes, change) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func send() { change.yield() }

    /// Ends every wait, now and later.
    func close() { change.finish() }

    /// Waits for the next signal.
    ///
    /// Returns `false` when closed or cancelled.
    func wait() async -> Bool {
        for await _ in changes { return true }
        return false
    }
}
