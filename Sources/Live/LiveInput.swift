internal import Domain
package import Logging
package import Monitors
package import Store

/// What all ways in for live posts share: the job, and how its posts are read.
package struct LiveInput: Sendable {
    let store: Store
    let submission: JobSubmission
    let mapping: SourceMapping?
    let format: SourceDescription.Format?
    let settings: LiveSettings
    let logger: Logger

    package init(
        monitor: Monitor, modelVersion: String, settings: LiveSettings = LiveSettings(), store: Store, logger: Logger
    ) {
        submission = JobSubmission(
            monitor: monitor.name, monitorYAML: monitor.yaml, monitorVersion: monitor.version,
            modelVersion: modelVersion,
            brands: monitor.brands.map { ($0.name, $0.query.description) }, alertSeconds: monitor.alertSeconds,
            lane: .live, sources: [])
        mapping = monitor.source
        format = monitor.source?.format
        self.settings = settings
        self.store = store
        self.logger = logger
    }

    /// The monitor's live job; made if there is none.
    func job() async throws -> JobID { try await store.openLive(submission) }

    /// The writer of a stream of the job.
    func writer(
        of name: String, identity: String, format: SourceDescription.Format = .jsonLines, into job: JobID
    ) async throws -> LiveWriter {
        let store = store.sibling()
        let source = try await store.openSource(named: name, identity: identity, format: format, of: job)
        return LiveWriter(store: store, source: source, logger: logger)
    }
}
