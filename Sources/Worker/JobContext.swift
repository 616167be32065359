package import Domain
package import Monitors
package import Readings

/// Everything about a job that its shards share: compiled once, used by all threads of the process.
package struct JobContext: Sendable {
    package let job: JobID
    package let monitor: Monitor
    /// What the monitor was made of; empty unless made from it.
    let monitorYAML: String
    let submitted: Timestamp
    /// `nil` when the monitor asks for no model.
    package let reader: TextReader?
    /// `nil` when no brand has a head of its own.
    package let heads: BrandHeads?
    let matcher: Matcher
    let languages: Set<String>

    /// - Parameter submitted: when the job was submitted; fixed, so that every run of the job judges times alike.
    package init(
        job: JobID, monitor: Monitor, monitorYAML: String = "", reader: TextReader?, heads: BrandHeads? = nil,
        submitted: Timestamp
    ) {
        self.job = job
        self.monitor = monitor
        self.monitorYAML = monitorYAML
        self.submitted = submitted
        self.reader = reader
        self.heads = heads
        matcher = Matcher(queries: monitor.brands.map(\.query))
        languages = Set(monitor.languages)
    }

    /// Compiles a job's monitor and loads its models.
    package init(job: JobID, monitorYAML: String, models: ModelShelf, submitted: Timestamp) throws {
        let monitor = try Monitor(yaml: monitorYAML, fileName: "monitor of job \(job)")
        self.init(
            job: job, monitor: monitor, monitorYAML: monitorYAML, reader: try models.reader(for: monitor.model),
            heads: try BrandHeads(monitor, models: models), submitted: submitted)
    }

    /// The version of all that judges its posts; empty without a model.
    package var modelVersion: String {
        [reader?.version, heads?.version].compactMap(\.self).joined(separator: " + ")
    }

    /// A post of the shard that was created later than this is not believed.
    ///
    /// Told by when the shard, or its job, was submitted, so that every run judges alike.
    func latest(in shard: ShardDescription) -> Timestamp {
        Timestamp(milliseconds: (shard.receivedAt ?? submitted).milliseconds + Post.futureTolerance)
    }

    /// Whether the monitor wants posts of this declared language.
    ///
    /// Posts of unknown language always pass.
    func wants(language: String) -> Bool {
        languages.isEmpty || language.isEmpty || languages.contains(language)
    }
}
