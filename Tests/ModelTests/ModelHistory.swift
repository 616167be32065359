import Domain
import Queue
import Store
import Trends

@testable import Coordinator

/// A history played on real servers, step by step beside the model, with everything compared at its end.
struct ModelHistory {
    /// Where the servers and the model part.
    struct Difference: Error, CustomStringConvertible {
        let description: String
    }

    private let cluster: ModelCluster
    private let coordinator: LaneQueue
    private let workers: [LaneQueue]
    private let reducers: [LaneQueue]
    private var keeper: LaneKeeper
    private var model: ReferenceModel
    /// What each worker believes to hold, the lost and the finished too: a zombie tries everything.
    private var believed: [[Lease]]

    private init(_ cluster: ModelCluster, flaw: ReferenceModel.Flaw?) {
        let namespace = "m\(UInt64.random(in: 0...UInt64.max))"
        self.cluster = cluster
        coordinator = cluster.queue("coordinator", namespace: namespace)
        workers = (0..<ModelStep.workers).map { cluster.queue("worker \($0)", namespace: namespace) }
        reducers = (0..<ModelStep.reducers).map { cluster.queue("reducer \($0)", namespace: namespace) }
        keeper = cluster.keeper(coordinator)
        model = ReferenceModel(flaw: flaw)
        believed = Array(repeating: [], count: ModelStep.workers)
    }

    /// Plays steps from a clean beginning, drains what is left, and compares; `nil` when all agrees.
    static func difference(
        _ steps: [ModelStep], _ cluster: ModelCluster, flaw: ReferenceModel.Flaw? = nil
    ) async throws -> String? {
        var history = Self(cluster, flaw: flaw)
        var found: String?
        do {
            for (index, step) in steps.enumerated() {
                do {
                    try await history.play(step)
                } catch {
                    throw Difference(description: "step \(index), \(step): \(error)")
                }
            }
            try await history.drain()
            try await history.compare()
        } catch let difference as Difference {
            found = difference.description
        }
        for job in history.model.jobs { try await cluster.store.forget(job.id) }
        return found
    }

    private func require(_ condition: Bool, _ text: @autoclosure () -> String) throws {
        guard condition else { throw Difference(description: text()) }
    }

    private func unlessLost<Result>(_ step: () async throws -> Result) async throws -> Result? {
        do {
            return try await step()
        } catch let error as QueueError where error == .lost {
            return nil
        }
    }

    private mutating func play(_ step: ModelStep) async throws {
        switch step {
        case .submit(let shards, let key): try await submit(shards, key: key.map { "key \($0)" })
        case .pause(let handle): try await change(handle, from: [.running], to: .paused)
        case .resume(let handle): try await change(handle, from: [.paused], to: .running)
        case .cancel(let handle): try await change(handle, from: [.running, .paused], to: .cancelled)
        case .retryDead(let handle): try await retryDead(handle)
        case .round: try await round()
        case .newCoordinator: keeper = cluster.keeper(coordinator)
        case .ripen: try await cluster.ripen()
        case .claim(let worker, let max): try await claim(worker, max)
        case .beat(let worker, let handles): try await beat(worker, pick(worker, handles))
        case .finish(let worker, let handles): try await finish(worker, pick(worker, handles))
        case .fail(let worker, let handle, let isPermanent): try await fail(worker, handle, isPermanent)
        case .handBack(let worker, let handles): try await handBack(worker, pick(worker, handles))
        case .expire(let handle): try await expire(handle)
        case .reclaim(let worker, let max): try await reclaim(worker, max)
        case .reduce(let reducer, let max, let end): try await reduce(reducer, max, end)
        case .expireResults: try await expireResults()
        case .reclaimResults(let reducer, let max): try await reclaimResults(reducer, max)
        case .wipe:
            try await cluster.wipe()
            model.lose()
        case .restart:
            try await cluster.restart()
            if cluster.keepsData { model.isInDoubt = !model.isLost } else { model.lose() }
        }
    }
}

// MARK: Users

extension ModelHistory {
    private mutating func submit(_ shards: Int, key: String?) async throws {
        let slices = (0..<shards).map { ShardSlice(source: 0, offset: Int64($0), length: 1) }
        let outcome = try await cluster.store.submit(ModelCluster.submission(key: key), shards: slices)
        if let known = model.jobs.first(where: { key != nil && $0.key == key }) {
            try require(
                outcome.job == known.id && outcome.shards == known.shards.count && !outcome.isNew,
                "a key used twice gave \(outcome) instead of job \(known.id)")
        } else {
            try require(outcome.isNew && outcome.shards == shards, "a new job is \(outcome)")
            model.jobs.append(.init(id: outcome.job, key: key, shards: Array(repeating: .init(), count: shards)))
        }
    }

    private mutating func change(_ handle: Int, from states: [JobState], to state: JobState) async throws {
        guard !model.jobs.isEmpty else { return }
        let index = handle % model.jobs.count
        let job = model.jobs[index]
        guard states.contains(job.state) else { return }
        switch state {
        case .paused: try await cluster.store.pause(job.id)
        case .running: try await cluster.store.resume(job.id)
        default: try await cluster.store.cancel(job.id)
        }
        model.jobs[index].state = state
    }

    private mutating func retryDead(_ handle: Int) async throws {
        guard !model.jobs.isEmpty else { return }
        let index = handle % model.jobs.count
        guard [.running, .completedWithErrors].contains(model.jobs[index].state) else { return }
        let count = try await cluster.store.retryDeadShards(of: model.jobs[index].id)
        let expected = model.retryDead(index)
        try require(count == expected, "\(count) shards live again instead of \(expected)")
    }
}

// MARK: The coordinator

extension ModelHistory {
    private mutating func round() async throws {
        try await keeper.round()
        if model.isLost || model.isInDoubt { model.lose() }
        model.isLost = false
        for index in model.jobs.indices {
            let sent = try await cluster.store.job(model.jobs[index].id).sent
            let job = model.jobs[index]
            let mayGrow = job.state == .running
            try require(
                sent == job.sent || mayGrow && sent > job.sent && sent <= job.shards.count,
                "\(job.state.rawValue) job \(job.id): \(job.sent) shards were sent, now \(sent)")
            model.jobs[index].sent = sent
        }
        let ended = try await cluster.store.completeFinishedJobs()
        let expected = model.endFinished()
        try require(ended.sorted() == expected.sorted(), "jobs ended: \(ended), expected: \(expected)")
    }
}

// MARK: Workers

extension ModelHistory {
    private func pick(_ worker: Int, _ handles: [Int]) -> [Lease] {
        let mine = believed[worker]
        return mine.isEmpty ? [] : handles.map { mine[$0 % mine.count] }
    }

    @discardableResult
    private mutating func claim(_ worker: Int, _ max: Int) async throws -> [Lease] {
        switch try await workers[worker].claim(max: max) {
        case .lost: try require(model.isLost || model.isInDoubt, "a claim found no lane")
        case .backpressure: try require(false, "a claim without bound was held back")
        case .empty: try require(!model.isLost && !model.isInDoubt, "a claim found a lane that is lost")
        case .leases(let leases):
            try require(!model.isLost && !model.isInDoubt, "a claim gave shards of a lane in doubt")
            for lease in leases {
                let job = model.jobs.first { $0.id == lease.shard.job }
                try require(model.leases[lease.entry] == nil, "\(lease) is held by another")
                try require(job.map { lease.shard.index < $0.sent } ?? false, "\(lease.shard) was never sent")
                model.leases[lease.entry] = .init(shard: lease.shard, owner: worker)
            }
            believed[worker] += leases
            return leases
        }
        return []
    }

    private mutating func beat(_ worker: Int, _ leases: [Lease]) async throws {
        let lost = try await workers[worker].beat(leases)
        for lease in leases where model.owns(lease, worker) { model.leases[lease.entry]?.isExpired = false }
        try require(lost == leases.filter { !model.owns($0, worker) }, "a beat lost \(lost)")
    }

    private mutating func finish(_ worker: Int, _ leases: [Lease]) async throws {
        let finished = try leases.map { lease in
            Finished(lease: lease, parts: [try ModelCluster.result(of: lease.shard).encoded()])
        }
        let accepted = try await workers[worker].finish(finished)
        let ended = model.end(leases, by: worker)
        model.results += ended.shards
        try require(accepted == ended.flags, "finishes were accepted: \(accepted), expected: \(ended.flags)")
    }

    private mutating func fail(_ worker: Int, _ handle: Int, _ isPermanent: Bool) async throws {
        guard let lease = pick(worker, [handle]).first, model[lease.shard] != nil else { return }
        let reason = "broken, said worker \(worker)"
        let isDead = try await cluster.store.recordFailure(lease.shard, reason: reason, isPermanent: isPermanent)
        try await cluster.delay(lease.shard)
        let expected = model.failed(lease.shard, reason: reason, isPermanent: isPermanent)
        try require(isDead == expected, "\(lease.shard) is \(isDead ? "dead" : "alive") after an error")
        try await acknowledge(worker, [lease])
    }

    private mutating func acknowledge(_ worker: Int, _ leases: [Lease]) async throws {
        let accepted = try await workers[worker].acknowledge(leases)
        let ended = model.end(leases, by: worker)
        try require(accepted == ended.flags, "acknowledged: \(accepted), expected: \(ended.flags)")
    }

    private mutating func handBack(_ worker: Int, _ leases: [Lease]) async throws {
        let accepted = try await workers[worker].release(leases)
        let ended = model.end(leases, by: worker)
        try require(accepted == ended.flags, "handed back: \(accepted), expected: \(ended.flags)")
    }

    private mutating func expire(_ handle: Int) async throws {
        let held = model.leases.sorted { $0.key < $1.key }
        guard !held.isEmpty else { return }
        let (entry, row) = held[handle % held.count]
        model.leases[entry]?.isExpired = true
        let keys = workers[row.owner].keys
        try await cluster.age(
            [(entry, workers[row.owner].settings.consumer)], key: keys.ready, group: LaneQueue.workerGroup)
    }

    private mutating func reclaim(_ worker: Int, _ max: Int) async throws {
        let queue = workers[worker]
        try await cluster.allowLook(queue)
        guard let leases = try await unlessLost({ try await queue.reclaim(max: max) }) else {
            return try require(model.isLost, "a reclaim found no lane")
        }
        try require(!model.isLost, "a reclaim found a lane that is lost")
        let expected = Array(ReferenceModel.expired(model.leases).prefix(max))
        try require(leases.map(\.entry) == expected, "reclaimed \(leases), expected \(expected)")
        for lease in leases {
            try require(model.leases[lease.entry]?.shard == lease.shard, "\(lease) names another shard")
            model.leases[lease.entry] = .init(shard: lease.shard, owner: worker)
        }
        believed[worker] += leases
        try await cluster.store.recordReclaims(leases.map(\.shard))
        model.died(leases.map(\.shard))
    }
}

// MARK: Reducers

extension ModelHistory {
    private mutating func reduce(_ reducer: Int, _ max: Int, _ end: ModelStep.ReducerEnd) async throws {
        let queue = reducers[reducer]
        guard let results = try await unlessLost({ try await queue.results(max: max) }) else {
            return try require(model.isLost, "a reducer found no lane")
        }
        let expected = Array(model.results.prefix(max))
        model.results.removeFirst(expected.count)
        try require(results.map(\.shard) == expected, "results of \(results.map(\.shard)), expected: \(expected)")
        for result in results { model.taken[result.entry] = .init(shard: result.shard, owner: reducer) }
        try await settle(results, reducer, end)
    }

    private mutating func expireResults() async throws {
        let aged = model.taken.map { (entry: $0.key, consumer: reducers[$0.value.owner].settings.consumer) }
        try await cluster.age(aged, key: coordinator.keys.done, group: LaneQueue.reducerGroup)
        for entry in model.taken.keys { model.taken[entry]?.isExpired = true }
    }

    private mutating func reclaimResults(_ reducer: Int, _ max: Int) async throws {
        let queue = reducers[reducer]
        try await cluster.allowLook(queue)
        guard let results = try await unlessLost({ try await queue.reclaimResults(max: max) }) else {
            return try require(model.isLost, "a reducer's look found no lane")
        }
        let expected = Array(ReferenceModel.expired(model.taken).prefix(max))
        try require(results.map(\.entry) == expected, "results taken over: \(results.map(\.entry)), not \(expected)")
        try await settle(results, reducer, .acknowledged)
    }

    private mutating func settle(
        _ results: [ShardResult], _ reducer: Int, _ end: ModelStep.ReducerEnd
    ) async throws {
        guard end != .diedBeforeMerge else { return }
        let items = try results.map { result in
            MergeItem(
                shard: result.shard, attempt: result.attempt, parts: try result.parts.map { try Partial(encoded: $0) })
        }
        let outcome = try await cluster.reducerStores[reducer].merge(items)
        let expected = model.merge(results.map(\.shard))
        try require(
            outcome.merged.sorted() == expected.merged.sorted()
                && outcome.duplicates.sorted() == expected.duplicates.sorted()
                && outcome.dropped.sorted() == expected.dropped.sorted(),
            "a merge gave \(outcome), expected \(expected)")
        guard end == .acknowledged else { return }
        try await reducers[reducer].acknowledgeResults(results.map(\.entry))
        for result in results { model.taken[result.entry] = nil }
    }
}

// MARK: The end

extension ModelHistory {
    /// Every process that lives does its work to the end: nothing may be left over.
    private mutating func drain() async throws {
        for _ in 0..<100 {
            try await cluster.ripen()
            try await round()
            for worker in workers.indices {
                try await finish(worker, believed[worker].filter { model.owns($0, worker) })
            }
            while case let leases = try await claim(0, 50), !leases.isEmpty { try await work(leases) }
            try await expireResults()
            try await reclaimResults(0, 1000)
            try await reduce(1, 1000, .acknowledged)
            if !model.jobs.contains(where: { $0.state == .running }) { return }
        }
        let left = model.jobs.filter { $0.state == .running }.map(\.id)
        throw Difference(description: "jobs \(left) did not end")
    }

    /// As a worker does: what needs no work is acknowledged without a result.
    private mutating func work(_ leases: [Lease]) async throws {
        let standings = try await cluster.store.describe(leases.map(\.shard))
        var waiting: [Lease] = []
        var settled: [Lease] = []
        for lease in leases {
            if case .waiting? = standings[lease.shard] { waiting.append(lease) } else { settled.append(lease) }
        }
        try await finish(0, waiting)
        try await acknowledge(0, settled)
    }

    private func compare() async throws {
        for job in model.jobs {
            let status = try await cluster.store.job(job.id)
            try require(status.state == job.state, "job \(job.id) is \(status.state), expected \(job.state)")
            let merged = job.shards.indices.filter { job.shards[$0].isMerged }
            try require(
                try await cluster.ledger(of: job.id) == merged && status.merged == merged.count,
                "job \(job.id): \(status.merged) shards are merged, expected \(merged)")
            let dead = job.shards.indices.filter { job.shards[$0].isSetAside }
            let found = try await cluster.store.deadShards(of: job.id)
            try require(
                found.map { Int($0.shard.index) } == dead
                    && found.map(\.reason) == dead.map { job.shards[$0].reason }
                    && found.map(\.deaths) == dead.map { job.shards[$0].deaths }
                    && found.map(\.errors) == dead.map { job.shards[$0].errors },
                "job \(job.id): dead are \(found), expected \(dead.map { ($0, job.shards[$0]) })")
            var whole = Partial()
            for index in merged { whole.merge(ModelCluster.result(of: ShardID(job: job.id, index: UInt32(index)))) }
            let digest = try await cluster.store.digest(of: job.id)
            try require(
                digest == RollupDigest(of: whole) && status.totals.posts == whole.totals.posts,
                "job \(job.id) counted something else than its \(merged.count) merged shards hold")
        }
    }
}
