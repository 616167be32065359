/// The time of a run: how long things go wrong, and when whoever still waits gives up.
struct ChaosClock: Sendable {
    typealias Instant = ContinuousClock.Instant

    let start: Instant
    /// From here on nothing goes wrong any more.
    let end: Instant
    let deadline: Instant

    init(start: Instant, settings: ChaosSettings) {
        self.start = start
        end = start + settings.lasting
        deadline = end + settings.patience
    }

    var isBurning: Bool { .now < end }
    var isPatient: Bool { .now < deadline }

    func wait(until at: Duration) async throws { try await Task.sleep(until: start + at, clock: .continuous) }

    /// Repeats a step that an outage may hit until it succeeds, or until patience ends.
    func insist<Value>(_ step: () async throws -> Value) async throws -> Value {
        while true {
            do {
                return try await step()
            } catch {
                guard isPatient, !Task.isCancelled else { throw error }
                try await Task.sleep(for: .milliseconds(300))
            }
        }
    }
}
