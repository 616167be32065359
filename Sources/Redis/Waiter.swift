import Synchronization

/// One task's wait for one result.
///
/// Whoever completes it first wins; everyone later is ignored.
/// So a waiter can be failed by a closing connection, a timer and a cancellation at once, and never hangs or traps.
final class Waiter<Success: Sendable>: Sendable {
    typealias Outcome = Result<Success, RedisError>

    private enum State {
        case fresh
        case waiting(CheckedContinuation<Outcome, Never>)
        case done(Outcome)
    }

    private let state = Mutex(State.fresh)

    var isDone: Bool {
        state.withLock { state in
            if case .done = state { true } else { false }
        }
    }

    func complete(_ outcome: Outcome) {
        let continuation: CheckedContinuation<Outcome, Never>? = state.withLock { state in
            switch state {
            case .fresh:
                state = .done(outcome)
                return nil
            case .waiting(let continuation):
                state = .done(outcome)
                return continuation
            case .done:
                return nil
            }
        }
        continuation?.resume(returning: outcome)
    }

    /// Waits for the result, or only until the task is cancelled, unless `shielded`.
    func value(shielded: Bool = false) async throws(RedisError) -> Success {
        guard !shielded else { return try await wait().get() }
        let outcome = await withTaskCancellationHandler {
            await wait()
        } onCancel: {
            complete(.failure(.cancelled))
        }
        return try outcome.get()
    }

    private func wait() async -> Outcome {
        await withCheckedContinuation { continuation in
            let ready: Outcome? = state.withLock { state in
                if case .done(let outcome) = state { return outcome }
                state = .waiting(continuation)
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }
}

extension Result {
    var isSuccess: Bool {
        if case .success = self { true } else { false }
    }
}
