import Domain

@testable import Queue

/// What a lane should do, in a few plain lines: the reference for random histories.
struct QueueModel {
    struct Held: Equatable {
        var owner: Int
        var attempt: Int
        var isExpired: Bool
    }

    /// A mistake made on purpose: shows that the histories find one.
    enum Flaw {
        case beatsRenewNothing
        case anybodyMayFinish
    }

    var waiting: [ShardID] = []
    var leases: [EntryID: (shard: ShardID, held: Held)] = [:]
    /// In the order in which they came.
    var results: [Lease] = []
    var isLost = false
    private let flaw: Flaw?

    init(flaw: Flaw? = nil) { self.flaw = flaw }

    mutating func wipe() {
        waiting = []
        leases = [:]
        results = []
        isLost = true
    }

    mutating func claim(_ taken: [Lease], by owner: Int) -> Bool {
        guard taken.map(\.shard) == Array(waiting.prefix(taken.count)) else { return false }
        waiting.removeFirst(taken.count)
        for lease in taken {
            guard leases[lease.entry] == nil else { return false }
            leases[lease.entry] = (lease.shard, Held(owner: owner, attempt: 1, isExpired: false))
        }
        return true
    }

    func owns(_ lease: Lease, _ owner: Int) -> Bool { leases[lease.entry]?.held.owner == owner }

    mutating func beat(_ renewed: [Lease], by owner: Int) {
        guard flaw != .beatsRenewNothing else { return }
        for lease in renewed where owns(lease, owner) { leases[lease.entry]?.held.isExpired = false }
    }

    /// Ends leases of an owner and tells for each whether it was its own.
    ///
    /// One that comes twice in a call ends once.
    mutating func end(_ ended: [Lease], by owner: Int) -> (flags: [Bool], leases: [Lease]) {
        var flags: [Bool] = []
        var mine: [Lease] = []
        for lease in ended {
            let isMine = owns(lease, owner) || flaw == .anybodyMayFinish && leases[lease.entry] != nil
            flags.append(isMine)
            guard isMine else { continue }
            leases[lease.entry] = nil
            mine.append(lease)
        }
        return (flags, mine)
    }

    /// The expired leases in the order in which a sweep finds them.
    var expired: [EntryID] { leases.filter(\.value.held.isExpired).keys.sorted() }

    mutating func reclaim(_ taken: [Lease], by owner: Int, max: Int) -> Bool {
        guard taken.map(\.entry) == Array(expired.prefix(max)) else { return false }
        for lease in taken {
            guard var row = leases[lease.entry], row.shard == lease.shard else { return false }
            row.held = Held(owner: owner, attempt: row.held.attempt + 1, isExpired: false)
            guard row.held.attempt == lease.attempt else { return false }
            leases[lease.entry] = row
        }
        return true
    }
}
