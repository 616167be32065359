import Domain
import Harness
import LocalServers
import Redis
import Testing

@testable import Queue

/// A history of a lane played on a real server, step by step beside the model.
struct QueueHistory {
    private static let resultBound = 12

    private let fixture: QueueFixture
    private let queues: [LaneQueue]
    private var model: QueueModel
    /// What each owner believes to hold, the lost and the finished too: a zombie tries everything.
    private var believed: [[Lease]]
    private var nextShard: UInt32 = 0
    private var generation: Int64 = 1

    private init(_ fixture: QueueFixture, namespace: String, flaw: QueueModel.Flaw?) {
        self.fixture = fixture
        model = QueueModel(flaw: flaw)
        queues = (0..<QueueStep.owners).map { owner in
            fixture.queue("owner\(owner)") {
                $0.namespace = namespace
                $0.resultBound = Self.resultBound
            }
        }
        believed = Array(repeating: [], count: QueueStep.owners)
    }

    /// Plays steps from an empty lane; the index of the first that differs from the model, or `nil`.
    static func firstDifference(
        _ steps: [QueueStep], _ fixture: QueueFixture, flaw: QueueModel.Flaw? = nil
    ) async throws -> Int? {
        let namespace = "h\(UInt64.random(in: 0...UInt64.max))"
        var history = Self(fixture, namespace: namespace, flaw: flaw)
        try await history.queues[0].prepare(generation: history.generation)
        for (index, step) in steps.enumerated() {
            guard try await history.play(step), try await history.agrees() else { return index }
        }
        return nil
    }

    private mutating func play(_ step: QueueStep) async throws -> Bool {
        switch step {
        case .enqueue(let count): try await enqueue(count)
        case .claim(let owner, let max): try await claim(owner, max)
        case .beat(let owner, let handles): try await beat(owner, pick(owner, handles))
        case .expire(let handle): try await expire(handle)
        case .reclaim(let owner, let max): try await reclaim(owner, max)
        case .finish(let owner, let handles): try await finish(owner, pick(owner, handles))
        case .acknowledge(let owner, let handles): try await acknowledge(owner, pick(owner, handles))
        case .release(let owner, let handles): try await release(owner, pick(owner, handles))
        case .reduce(let owner, let max): try await reduce(owner, max)
        case .wipe: try await wipe()
        case .restart: try await restart()
        case .heal: try await heal()
        }
    }

    private func pick(_ owner: Int, _ handles: [Int]) -> [Lease] {
        let mine = believed[owner]
        return mine.isEmpty ? [] : handles.map { mine[$0 % mine.count] }
    }

    private mutating func enqueue(_ count: Int) async throws -> Bool {
        let shards = QueueFixture.shards(nextShard..<nextShard + UInt32(count))
        nextShard += UInt32(count)
        let queue = queues[0]
        guard try await unlessLost({ try await queue.enqueue(shards) }) != nil else { return model.isLost }
        model.waiting += shards
        return !model.isLost
    }

    private mutating func claim(_ owner: Int, _ max: Int) async throws -> Bool {
        switch try await queues[owner].claim(max: max) {
        case .lost: return model.isLost
        case .backpressure: return model.results.count > Self.resultBound
        case .empty: return model.waiting.isEmpty && !model.isLost
        case .leases(let leases):
            believed[owner] += leases
            return model.results.count <= Self.resultBound && leases.count == min(max, model.waiting.count)
                && model.claim(leases, by: owner)
        }
    }

    private mutating func beat(_ owner: Int, _ leases: [Lease]) async throws -> Bool {
        let lost = try await queues[owner].beat(leases)
        model.beat(leases, by: owner)
        return lost == leases.filter { !model.owns($0, owner) }
    }

    private mutating func expire(_ handle: Int) async throws -> Bool {
        let held = model.leases.sorted { $0.key < $1.key }
        guard !held.isEmpty else { return true }
        let (entry, row) = held[handle % held.count]
        model.leases[entry]?.held.isExpired = true
        let lease = Lease(entry: entry, shard: row.shard, attempt: row.held.attempt)
        try await fixture.age([lease], of: queues[row.held.owner], by: .seconds(100))
        return true
    }

    private mutating func reclaim(_ owner: Int, _ max: Int) async throws -> Bool {
        try await fixture.age([], of: queues[owner], by: .zero)
        let queue = queues[owner]
        guard let leases = try await unlessLost({ try await queue.reclaim(max: max) }) else { return model.isLost }
        believed[owner] += leases
        return !model.isLost && model.reclaim(leases, by: owner, max: max)
    }

    private mutating func finish(_ owner: Int, _ leases: [Lease]) async throws -> Bool {
        let accepted = try await queues[owner].finish(leases.finished())
        let ended = model.end(leases, by: owner)
        for lease in ended.leases { model.results.append(lease) }
        return accepted == ended.flags
    }

    private mutating func acknowledge(_ owner: Int, _ leases: [Lease]) async throws -> Bool {
        try await queues[owner].acknowledge(leases) == model.end(leases, by: owner).flags
    }

    private mutating func release(_ owner: Int, _ leases: [Lease]) async throws -> Bool {
        let accepted = try await queues[owner].release(leases)
        let ended = model.end(leases, by: owner)
        model.waiting += ended.leases.map(\.shard)
        return accepted == ended.flags
    }

    private mutating func reduce(_ owner: Int, _ max: Int) async throws -> Bool {
        let queue = queues[owner]
        guard let results = try await unlessLost({ try await queue.results(max: max) }) else { return model.isLost }
        try await queue.acknowledgeResults(results.map(\.entry))
        let expected = Array(model.results.prefix(max))
        model.results.removeFirst(expected.count)
        return !model.isLost && results.map(\.shard) == expected.map(\.shard)
            && results.map(\.attempt) == expected.map(\.attempt)
    }

    private mutating func wipe() async throws -> Bool {
        try await fixture.flush()
        model.wipe()
        return true
    }

    private mutating func restart() async throws -> Bool {
        let server = fixture.server
        try await onOwnThread {
            server.kill()
            try server.restart()
        }
        model.wipe()
        // The first command of each connection finds that it ended; nothing of a history may depend on that.
        for queue in queues { _ = try? await queue.checkServer() }
        return true
    }

    private mutating func heal() async throws -> Bool {
        guard model.isLost else { return try await queues[0].generation() == generation }
        guard try await queues[0].generation() == nil else { return false }
        generation += 1
        try await queues[0].prepare(generation: generation)
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
}
