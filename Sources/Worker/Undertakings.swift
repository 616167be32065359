internal import Synchronization

/// Work on threads that nobody can interrupt.
///
/// Each piece ends once: with its value, or without one when all are given up; what comes later is dropped.
final class Undertakings<Value: Sendable>: Sendable {
    private struct State {
        var open: [Int: CheckedContinuation<Value?, Never>] = [:]
        var started = 0
        var isGivenUp = false
    }

    private let state = Mutex(State())

    /// The value that `work` gives on one of the threads; `nil` when given up before.
    func value(on threads: InferenceThreads, of work: @escaping @Sendable () -> Value) async -> Value? {
        await withCheckedContinuation { continuation in
            let number = state.withLock { state -> Int? in
                guard !state.isGivenUp else { return nil }
                state.started += 1
                state.open[state.started] = continuation
                return state.started
            }
            guard let number else { return continuation.resume(returning: nil) }
            // Unstructured: a task group would wait for it, however long it takes.
            Task(executorPreference: threads) { self.end(number, with: work()) }
        }
    }

    /// Ends all that is open, and all that is begun later, without a value.
    func giveUp() {
        let open = state.withLock { state in
            defer { state.open = [:] }
            state.isGivenUp = true
            return state.open.values.map { $0 }
        }
        for continuation in open { continuation.resume(returning: nil) }
    }

    private func end(_ number: Int, with value: Value) {
        let continuation = state.withLock { $0.open.removeValue(forKey: number) }
        continuation?.resume(returning: value)
    }
}
