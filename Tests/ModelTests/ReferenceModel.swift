import Domain
import Queue
import Store

/// What Groundswell promises, in plain lines: one state for all, nothing concurrent, nothing lost.
///
/// It predicts who owns a lease, which result counts, which shard is dead and why, and when a job ends. It leaves open
/// which of the shards that may run a claim gives.
struct ReferenceModel {
    struct Shard: Equatable {
        var isMerged = false
        var deaths = 0
        var errors = 0
        var isDead = false
        var reason = "its lease ended without a result"

        /// Set aside, and not counted by a result that came after all.
        var isSetAside: Bool { isDead && !isMerged }
    }

    struct Job {
        let id: JobID
        let key: String?
        var state = JobState.running
        /// Shards below were sent; told by the store, it may only grow, and only while the job runs.
        var sent = 0
        var shards: [Shard]
    }

    struct Held: Equatable {
        let shard: ShardID
        var owner: Int
        var isExpired = false
    }

    /// A mistake made on purpose: shows that the histories find one.
    enum Flaw {
        case resultsOfCancelledJobsCount
    }

    let flaw: Flaw?
    var jobs: [Job] = []
    var leases: [EntryID: Held] = [:]
    /// Results that no reducer has, in the order in which they came.
    var results: [ShardID] = []
    /// Results that a reducer took and did not acknowledge.
    var taken: [EntryID: Held] = [:]
    /// The lane is missing; true before the first coordinator's round too.
    var isLost = true
    /// The lane is there, but nobody claims from it until the next round, which will not trust it.
    var isInDoubt = false

    init(flaw: Flaw?) { self.flaw = flaw }

    subscript(_ shard: ShardID) -> Shard? {
        get { jobs.first { $0.id == shard.job }?.shards[Int(shard.index)] }
        set {
            guard let newValue, let job = jobs.firstIndex(where: { $0.id == shard.job }) else { return }
            jobs[job].shards[Int(shard.index)] = newValue
        }
    }

    func state(of shard: ShardID) -> JobState? { jobs.first { $0.id == shard.job }?.state }
}

// MARK: Leases

extension ReferenceModel {
    func owns(_ lease: Lease, _ owner: Int) -> Bool { leases[lease.entry]?.owner == owner }

    /// Ends leases of an owner and tells for each whether it was its own.
    ///
    /// One that comes twice in a call ends once.
    mutating func end(_ ended: [Lease], by owner: Int) -> (flags: [Bool], shards: [ShardID]) {
        var flags: [Bool] = []
        var shards: [ShardID] = []
        for lease in ended {
            let isOwn = owns(lease, owner)
            flags.append(isOwn)
            if isOwn, let held = leases.removeValue(forKey: lease.entry) { shards.append(held.shard) }
        }
        return (flags, shards)
    }

    /// The entries of expired leases or results, in the order in which a sweep finds them.
    static func expired(_ held: [EntryID: Held]) -> [EntryID] { held.filter(\.value.isExpired).keys.sorted() }

    mutating func lose() {
        leases = [:]
        results = []
        taken = [:]
        isLost = true
        isInDoubt = false
    }
}

// MARK: Troubles

extension ReferenceModel {
    /// Leases ended without a word; a shard named twice in one call counts once.
    mutating func died(_ shards: [ShardID]) {
        for id in Set(shards) {
            guard var shard = self[id], !shard.isMerged else { continue }
            shard.deaths += 1
            if shard.deaths >= ShardMachine.deathLimit {
                shard.isDead = true
                shard.reason = "\(shard.deaths) leases ended without a result"
            }
            self[id] = shard
        }
    }

    /// Returns whether the shard is dead now.
    mutating func failed(_ id: ShardID, reason: String, isPermanent: Bool) -> Bool {
        guard var shard = self[id], !shard.isMerged else { return false }
        shard.errors += 1
        shard.reason = reason
        shard.isDead = shard.isDead || isPermanent || shard.errors >= ShardMachine.errorLimit
        self[id] = shard
        return shard.isDead
    }

    /// Returns how many shards live again.
    mutating func retryDead(_ job: Int) -> Int {
        var count = 0
        for index in jobs[job].shards.indices where jobs[job].shards[index].isSetAside {
            jobs[job].shards[index].isDead = false
            jobs[job].shards[index].deaths = 0
            jobs[job].shards[index].errors = 0
            count += 1
        }
        if count > 0, jobs[job].state == .completedWithErrors { jobs[job].state = .running }
        return count
    }
}

// MARK: Results and ends

extension ReferenceModel {
    /// What a merge of these results does.
    mutating func merge(_ shards: [ShardID]) -> MergeOutcome {
        var outcome = MergeOutcome()
        var seen: Set<ShardID> = []
        for id in shards {
            if !seen.insert(id).inserted {
                outcome.duplicates.append(id)
            } else if state(of: id) == .cancelled && flaw != .resultsOfCancelledJobsCount {
                outcome.dropped.append(id)
            } else if self[id]?.isMerged == true {
                outcome.duplicates.append(id)
            } else {
                self[id]?.isMerged = true
                outcome.merged.append(id)
            }
        }
        return outcome
    }

    /// Ends the jobs that have nothing left to do, and returns them.
    mutating func endFinished() -> [JobID] {
        var ended: [JobID] = []
        for index in jobs.indices where jobs[index].state == .running && jobs[index].sent == jobs[index].shards.count {
            let shards = jobs[index].shards
            guard shards.allSatisfy({ $0.isMerged || $0.isDead }) else { continue }
            jobs[index].state = shards.contains(where: \.isSetAside) ? .completedWithErrors : .completed
            ended.append(jobs[index].id)
        }
        return ended
    }
}
