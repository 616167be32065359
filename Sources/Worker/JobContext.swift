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
    /// A post created later than this is not believed.
    package let latest: Timestamp
    let matcher: Matcher
    let languages: Set<String>

    /// How far ahead of the job's submission a post's own time may lie: clocks and time zones are often wrong by hours.
    package static let futureTolerance: Int64 = 86_400_000

    /// - Parameter submitted: when the job was submitted; fixed, so that every run of the job judges times alike.
    package init(
        job: JobID, monitor: Monitor, monitorYAML: String = "", reader: TextReader?, submitted: Timestamp
    ) {
        self.job = job
        self.monitor = monitor
        self.monitorYAML = monitorYAML
        self.submitted = submitted
        self.reader = reader
        latest = Timestamp(milliseconds: submitted.milliseconds + Self.futureTolerance)
        matcher = Matcher(queries: monitor.brands.map(\.query))
        languages = Set(monitor.languages)
    }

    /// Compiles a job's monitor and loads its models.
    package init(job: JobID, monitorYAML: String, models: ModelShelf, submitted: Timestamp) throws {
        let monitor = try Monitor(yaml: monitorYAML, fileName: "monitor of job \(job)")
        self.init(
            job: job, monitor: monitor, monitorYAML: monitorYAML, reader: try models.reader(for: monitor.model),
            submitted: submitted)
    }

    /// Whether the monitor wants posts of this declared language.
    ///
    /// Posts of unknown language always pass.
    func wants(language: String) -> Bool {
        languages.isEmpty || language.isEmpty || languages.contains(language)
    }
}
