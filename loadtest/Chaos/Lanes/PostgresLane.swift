internal import LocalServers

/// Strikes PostgreSQL.
struct PostgresLane: Sendable {
    let cluster: ChaosCluster
    let clock: ChaosClock
    let record: ChaosRecord

    /// Processes of a killed server keep its memory until they notice; until then a new one refuses to start.
    private static let startTries = 60

    func run(_ steps: [ChaosPlan.Step]) async throws {
        for step in steps {
            guard try await clock.comes(step) else { continue }
            record.count(step.fault)
            switch step.fault {
            case .restartPostgres(let away):
                try await Blocking.run { cluster.postgres.stop() }
                try await restart(after: away)
            case .killPostgres(let away):
                try await Blocking.run { cluster.postgres.kill() }
                try await restart(after: away)
            default: break
            }
        }
    }

    private func restart(after away: Duration) async throws {
        try await Task.sleep(for: away)
        for attempt in 1... {
            do {
                try await Blocking.run { try cluster.postgres.restart() }
                record.note("PostgreSQL is back")
                return
            } catch {
                guard attempt < Self.startTries else { throw error }
                try await Task.sleep(for: .milliseconds(500))
            }
        }
    }
}
