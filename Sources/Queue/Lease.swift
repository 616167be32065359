package import Domain

/// A worker's time-bounded right to run one shard.
package struct Lease: Hashable, Sendable {
    package let entry: EntryID
    package let shard: ShardID
    /// Which delivery of this entry it is, from 1.
    ///
    /// Redis' own count, lost with its data: a hint; PostgreSQL counts.
    package let attempt: Int

    package init(entry: EntryID, shard: ShardID, attempt: Int) {
        self.entry = entry
        self.shard = shard
        self.attempt = attempt
    }
}

/// A shard that ran, with its result in one or more parts that are merged together.
package struct Finished: Equatable, Sendable {
    package let lease: Lease
    package let parts: [[UInt8]]

    package init(lease: Lease, parts: [[UInt8]]) {
        self.lease = lease
        self.parts = parts
    }
}

/// A result that waits to be merged.
package struct ShardResult: Equatable, Sendable {
    package let entry: EntryID
    package let shard: ShardID
    package let attempt: Int
    /// The consumer name of the worker that ran it.
    package let worker: String
    package let parts: [[UInt8]]

    package init(entry: EntryID, shard: ShardID, attempt: Int, worker: String, parts: [[UInt8]]) {
        self.entry = entry
        self.shard = shard
        self.attempt = attempt
        self.worker = worker
        self.parts = parts
    }
}

/// What asking for work gave.
package enum ClaimOutcome: Equatable, Sendable {
    case leases([Lease])
    /// Nothing is waiting.
    case empty
    /// Too many results wait for the reducers: pause, then ask again.
    case backpressure
    /// The lane is missing in Redis: pause with growing length, then ask again; the coordinator mends it.
    case lost
}

/// How full a lane is.
package struct Depth: Equatable, Sendable {
    /// Shards that nobody runs yet.
    package var waiting: Int
    /// Shards under a lease.
    package var inFlight: Int
    /// Results that are not merged yet.
    package var results: Int
    /// Leases of each worker that holds any.
    package var consumers: [String: Int]

    package init(waiting: Int, inFlight: Int, results: Int, consumers: [String: Int] = [:]) {
        self.waiting = waiting
        self.inFlight = inFlight
        self.results = results
        self.consumers = consumers
    }
}
