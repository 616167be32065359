internal import Synchronization

/// Interrupts the call that runs on a connection, and only that one.
final class Canceller: Sendable {
    private struct State {
        var handle: CancelHandle?
        var call = 0
        var isRunning = false
    }

    private let state = Mutex(State())

    /// What reaches the present connection; `nil` while there is none.
    var handle: CancelHandle? {
        get { state.withLock { $0.handle } }
        set { state.withLock { $0.handle = newValue } }
    }

    /// Marks the start of a call and names it.
    func begin() -> Int {
        state.withLock { state in
            state.call += 1
            state.isRunning = true
            return state.call
        }
    }

    func end() { state.withLock { $0.isRunning = false } }

    /// Interrupts the call of that name if it still runs.
    ///
    /// The lock is held for the round trip: the call cannot end and a next one begin between the look and the cancel.
    func cancel(call: Int) {
        state.withLock { state in
            if state.isRunning, state.call == call { state.handle?.cancel() }
        }
    }
}
