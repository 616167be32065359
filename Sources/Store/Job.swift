package import Domain

/// Where a job stands.
///
/// The raw value is stored.
package enum JobState: String, CaseIterable, Sendable, Hashable {
    case running
    case paused
    case cancelled
    case completed
    /// Every shard is merged or dead, and at least one is dead.
    case completedWithErrors = "completed_with_errors"

    /// Whether nothing will change any more, unless dead shards are retried.
    package var isFinal: Bool { self == .cancelled || self == .completed || self == .completedWithErrors }
}

/// What a user submits, but for its shards.
package struct JobSubmission: Sendable {
    /// A second submission with the same key returns the first one's job.
    package var key: String?
    package var monitor: String
    package var monitorYAML: String
    package var monitorVersion: String
    /// Empty when the job infers nothing.
    package var modelVersion: String
    package var brands: [(name: String, query: String)]
    package var lane: Lane
    /// Shares of the lane, at least 1.
    package var weight: Int
    package var sources: [SourceDescription]
    /// Bodies of the sources that are kept in PostgreSQL, by name.
    package var payloads: [String: [UInt8]]

    package init(
        key: String? = nil, monitor: String, monitorYAML: String, monitorVersion: String, modelVersion: String = "",
        brands: [(name: String, query: String)], lane: Lane = .bulk, weight: Int = 1, sources: [SourceDescription],
        payloads: [String: [UInt8]] = [:]
    ) {
        self.key = key
        self.monitor = monitor
        self.monitorYAML = monitorYAML
        self.monitorVersion = monitorVersion
        self.modelVersion = modelVersion
        self.brands = brands
        self.lane = lane
        self.weight = weight
        self.sources = sources
        self.payloads = payloads
    }
}

/// A slice of one of a submission's sources.
package struct ShardSlice: Equatable, Sendable {
    /// Index into the submission's sources.
    package var source: Int
    package var offset: Int64
    package var length: Int64

    package init(source: Int, offset: Int64, length: Int64) {
        self.source = source
        self.offset = offset
        self.length = length
    }
}

/// What `submit` did.
package struct SubmitOutcome: Equatable, Sendable {
    package var job: JobID
    package var shards: Int
    /// False when a job with the same key was there already: nothing was written.
    package var isNew: Bool
}
