import Domain
import Harness
import Redis
import Testing

@testable import Queue

/// One random history of a lane on a real server, step by step beside the model.
struct QueueHistory {
    private static let owners = 3

    private let fixture: QueueFixture
    private let queues: [LaneQueue]
    private var random: Seeded
    private var model = QueueModel()
    /// What each owner believes to hold, the lost and the finished too: a zombie tries everything.
    private var believed: [[Lease]]
    private var nextShard: UInt32 = 0
    private(set) var log: [String] = []

    init(_ fixture: QueueFixture, seed: UInt64) {
        self.fixture = fixture
        random = Seeded(state: seed)
        queues = (0..<Self.owners).map { owner in
            fixture.queue("owner\(owner)") {
                $0.namespace = "h\(seed)"
                $0.resultBound = 12
            }
        }
        believed = Array(repeating: [], count: Self.owners)
    }

    /// Runs some steps; false at the first that differs from the model.
    mutating func run(steps: Int) async throws -> Bool {
        try await queues[0].prepare(generation: 1)
        for _ in 0..<steps {
            guard try await step(), try await agrees() else { return false }
        }
        return true
    }

    private mutating func step() async throws -> Bool {
        let owner = Int.random(in: 0..<Self.owners, using: &random)
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<20: return try await enqueue()
        case 20..<45: return try await claim(owner)
        case 45..<55: return try await beat(owner)
        case 55..<63: return try await expire()
        case 63..<71: return try await reclaim(owner)
        case 71..<83: return try await end(owner, "finish")
        case 83..<87: return try await end(owner, "acknowledge")
        case 87..<91: return try await end(owner, "release")
        case 91..<97: return try await reduce(owner)
        case 97: return try await wipe()
        default: return try await heal()
        }
    }

    private mutating func enqueue() async throws -> Bool {
        let shards = QueueFixture.shards(nextShard..<nextShard + UInt32.random(in: 1...6, using: &random))
        nextShard += UInt32(shards.count)
        log.append("enqueue \(shards.count)")
        let queue = queues[0]
        guard try await unlessLost({ try await queue.enqueue(shards) }) != nil else { return model.isLost }
        model.waiting += shards
        return !model.isLost
    }

    private mutating func claim(_ owner: Int) async throws -> Bool {
        let max = Int.random(in: 1...5, using: &random)
        log.append("claim \(owner) \(max)")
        switch try await queues[owner].claim(max: max) {
        case .lost: return model.isLost
        case .backpressure: return model.results.count > 12
        case .empty: return model.waiting.isEmpty && !model.isLost
        case .leases(let leases):
            believed[owner] += leases
            return model.results.count <= 12 && leases.count == min(max, model.waiting.count)
                && model.claim(leases, by: owner)
        }
    }

    private mutating func beat(_ owner: Int) async throws -> Bool {
        let leases = pick(owner)
        log.append("beat \(owner) \(leases.map(\.shard.index))")
        let lost = try await queues[owner].beat(leases)
        for lease in leases where model.owns(lease, owner) { model.leases[lease.entry]?.held.isExpired = false }
        return lost == leases.filter { !model.owns($0, owner) }
    }

    private mutating func expire() async throws -> Bool {
        guard let (entry, row) = model.leases.sorted(by: { $0.key < $1.key }).randomElement(using: &random) else {
            return true
        }
        log.append("expire \(row.shard.index)")
        model.leases[entry]?.held.isExpired = true
        let lease = Lease(entry: entry, shard: row.shard, attempt: row.held.attempt)
        try await fixture.age([lease], of: queues[row.held.owner], by: .seconds(100))
        return true
    }

    private mutating func reclaim(_ owner: Int) async throws -> Bool {
        let max = Int.random(in: 1...3, using: &random)
        log.append("reclaim \(owner) \(max)")
        try await fixture.age([], of: queues[owner], by: .zero)
        let queue = queues[owner]
        guard let leases = try await unlessLost({ try await queue.reclaim(max: max) }) else { return model.isLost }
        believed[owner] += leases
        return !model.isLost && model.reclaim(leases, by: owner, max: max)
    }

    private mutating func end(_ owner: Int, _ how: String) async throws -> Bool {
        let leases = pick(owner)
        log.append("\(how) \(owner) \(leases.map(\.shard.index))")
        // The same lease twice in one call ends once.
        var seen: Set<EntryID> = []
        let expected = leases.map { model.owns($0, owner) && seen.insert($0.entry).inserted }
        let accepted =
            switch how {
            case "finish": try await queues[owner].finish(leases.finished())
            case "acknowledge": try await queues[owner].acknowledge(leases)
            default: try await queues[owner].release(leases)
            }
        for (lease, mine) in zip(leases, expected) where mine {
            model.leases[lease.entry] = nil
            if how == "finish" { model.results[lease.shard] = lease.attempt }
            if how == "release" { model.waiting.append(lease.shard) }
        }
        return accepted == expected
    }

    private mutating func reduce(_ owner: Int) async throws -> Bool {
        log.append("reduce \(owner)")
        let queue = queues[owner]
        guard let results = try await unlessLost({ try await queue.results(max: 4) }) else { return model.isLost }
        try await queue.acknowledgeResults(results.map(\.entry))
        let count = min(4, model.results.count)
        for result in results where model.results.removeValue(forKey: result.shard) == nil { return false }
        return results.count == count && !model.isLost
    }

    private mutating func wipe() async throws -> Bool {
        log.append("wipe")
        let keys = queues[0].keys
        _ = try await fixture.redis.send("DEL", keys.ready, keys.done, keys.generation)
        model.wipe()
        return true
    }

    private mutating func heal() async throws -> Bool {
        guard model.isLost else { return try await queues[0].generation() != nil }
        log.append("heal")
        guard try await queues[0].generation() == nil else { return false }
        try await queues[0].prepare(generation: Int64(log.count))
        model.isLost = false
        return true
    }

    private func agrees() async throws -> Bool {
        let queue = queues[0]
        guard let depth = try await unlessLost({ try await queue.depth() }) else { return model.isLost }
        return !model.isLost && depth.waiting == model.waiting.count && depth.inFlight == model.leases.count
            && depth.results == model.results.count
    }

    private func unlessLost<Result>(_ step: () async throws -> Result) async throws -> Result? {
        do {
            return try await step()
        } catch let error as QueueError where error == .lost {
            return nil
        }
    }

    private mutating func pick(_ owner: Int) -> [Lease] {
        let count = min(believed[owner].count, Int.random(in: 0...4, using: &random))
        return Array(believed[owner].shuffled(using: &random).prefix(count))
    }
}
