package import Domain
package import Feeds
package import Monitors
package import Store

extension JobSubmission {
    /// A job that counts an intake for a monitor.
    package init(
        key: String?, monitor: Monitor, modelVersion: String, lane: Lane, share: JobShare, intake: Intake
    ) {
        self.init(
            key: key, monitor: monitor.name, monitorYAML: monitor.yaml, monitorVersion: monitor.version,
            modelVersion: modelVersion, brands: monitor.brands.map { ($0.name, $0.query.description) },
            alertSeconds: monitor.alertSeconds, lane: lane, share: share, sources: intake.sources,
            payloads: intake.payloads)
    }
}
