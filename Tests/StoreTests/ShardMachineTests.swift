import Domain
import Harness
import Store
import Testing
import Trends

/// Swift's machine and the functions of the database are two tellings of one thing.
@Suite struct ShardMachineTests {
    private static let shards = 60
    private static let events = 40

    @Test func randomEventsGiveTheSameStandingInTheDatabase() async throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = Seeded(state: seed)
        try await withStore { store, url in
            let job = try await store.submitted(Self.shards)
            var machines = Array(repeating: ShardMachine(), count: Self.shards)
            for round in 0..<Self.events {
                for index in 0..<Self.shards {
                    let event = Self.randomEvent(&random)
                    try await Self.tell(store, url, shard(job, index), event)
                    machines[index].apply(event)
                }
                let found = try await Self.standings(url, job)
                for index in 0..<Self.shards {
                    let machine = machines[index]
                    guard let row = found[index] else {
                        #expect(machine.deaths == 0 && machine.errors == 0, "shard \(index), seed \(seed)")
                        continue
                    }
                    #expect(
                        row.agrees(with: machine), "shard \(index), round \(round), seed \(seed): \(row), \(machine)")
                }
            }
            // Such a run says something only if every state was met.
            let states = machines.map { "\($0.state)".prefix { $0 != "(" } }
            #expect(Set(states).count >= 3, "seed \(seed)")
        }
    }

    /// Much of what happens to a shard happens again and again; results and people come seldom.
    private static func randomEvent(_ random: inout Seeded) -> ShardMachine.Event {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<25: .claimed
        case 25..<30: .handedBack
        case 30..<60: .leaseEnded
        case 60..<80: .failed(.transient)
        case 80..<82: .failed(.permanent)
        case 82..<92: .due
        case 92..<94: .merged
        default: .retried
        }
    }

    private static func tell(
        _ store: Store, _ url: String, _ shard: ShardID, _ event: ShardMachine.Event
    ) async throws {
        switch event {
        // Leases are Redis' affair: the database hears only how they end.
        case .claimed, .handedBack: break
        case .leaseEnded: try await store.recordReclaims([shard])
        case .failed(let failure):
            try await store.recordFailure(shard, reason: "\(failure)", isPermanent: failure == .permanent)
        case .due:
            // What dueRetries does for shards whose time has come, without the waiting.
            let update = "UPDATE gw.trouble SET retry_at = NULL WHERE job_id = \(shard.job) AND idx = \(shard.index)"
            try await execute(url, update)
        case .merged: _ = try await store.merge([MergeItem(shard: shard, attempt: 1, parts: [])])
        case .retried: _ = try await store.retryDeadShards(of: shard.job, only: [shard.index])
        }
    }

    private struct Standing {
        let deaths: Int
        let errors: Int
        let isDead: Bool
        let isMerged: Bool
        /// Milliseconds from the last event to the next try.
        let delay: Int?

        func agrees(with machine: ShardMachine) -> Bool {
            guard deaths == machine.deaths, errors == machine.errors, isMerged == (machine.state == .merged) else {
                return false
            }
            switch machine.state {
            case .merged: return true
            case .dead: return isDead && delay == nil
            case .waiting, .leased: return !isDead && delay == nil
            case .delayed(let bound):
                let limit = Int(bound.components.seconds) * 1000
                return !isDead && delay.map { $0 <= limit + 1 } == true
            }
        }
    }

    private static func standings(_ url: String, _ job: JobID) async throws -> [Int: Standing] {
        let rows = try await psql(
            url,
            """
            SELECT t.idx, t.deaths, t.errors, t.dead, l.idx IS NOT NULL AS merged,
                (extract(epoch FROM t.retry_at - t.updated_at) * 1000)::int AS delay
            FROM gw.trouble t LEFT JOIN gw.ledger l USING (job_id, idx) WHERE t.job_id = \(job)
            """)
        var standings: [Int: Standing] = [:]
        for row in rows {
            let cells = row.split(separator: "|").map(String.init)
            let index = try #require(Int(cells[0]))
            standings[index] = Standing(
                deaths: try #require(Int(cells[1])), errors: try #require(Int(cells[2])), isDead: cells[3] == "true",
                isMerged: cells[4] == "true", delay: Int(cells[5]))
        }
        return standings
    }
}
