package import Domain

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
    /// The length of the windows in which the monitor's brands are watched; `nil` for a monitor without alerts.
    package var alertSeconds: Int64?
    package var lane: Lane
    package var share: JobShare
    package var sources: [SourceDescription]
    /// Bodies of the sources that are kept in PostgreSQL, by name.
    package var payloads: [String: [UInt8]]

    package init(
        key: String? = nil, monitor: String, monitorYAML: String, monitorVersion: String, modelVersion: String = "",
        brands: [(name: String, query: String)], alertSeconds: Int64? = nil, lane: Lane = .bulk,
        share: JobShare = JobShare(),
        sources: [SourceDescription], payloads: [String: [UInt8]] = [:]
    ) {
        self.key = key
        self.monitor = monitor
        self.monitorYAML = monitorYAML
        self.monitorVersion = monitorVersion
        self.modelVersion = modelVersion
        self.brands = brands
        self.alertSeconds = alertSeconds
        self.lane = lane
        self.share = share
        self.sources = sources
        self.payloads = payloads
    }
}

/// What `submit` did.
package struct SubmitOutcome: Equatable, Sendable {
    package var job: JobID
    package var shards: Int
    /// False when a job with the same key was there already: nothing was written.
    package var isNew: Bool
}
