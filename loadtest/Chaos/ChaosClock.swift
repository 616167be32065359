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

    /// Waits for the moment of a fault; false for one that is left out.
    ///
    /// A fault whose moment passed while the one before it lasted would leave its server no time to be there at all.
    func comes(_ step: ChaosPlan.Step) async throws -> Bool {
        let moment = start + step.at
        try await Task.sleep(until: moment, clock: .continuous)
        return isBurning && .now - moment < .milliseconds(500)
    }

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
