import Anomalies
import Domain

/// Anomalies as rows.
struct AnomalyTable {
    let anomalies: [AlertMessage]

    private static let columns = [
        "anomaly", "started", "monitor", "brand", "platform", "metric", "kind", "stage", "value", "expected",
        "once in days", "top driver", "share",
    ]

    var table: Table {
        Table(
            Self.columns,
            rows: anomalies.map { anomaly in
                let driver = anomaly.drivers.first
                let places = anomaly.isGauge ? 2 : 0
                return [
                    .integer(anomaly.anomaly), .text(anomaly.startedAt.description), .text(anomaly.monitor),
                    .text(anomaly.brand), anomaly.platform.map { .text($0) } ?? .missing, .text(anomaly.metric),
                    .text(anomaly.kind.rawValue), .text(anomaly.stage.rawValue),
                    .decimal(anomaly.value, places: places), .decimal(anomaly.expected, places: places),
                    .decimal(anomaly.returnDays, places: 1), driver.map { .text($0.name) } ?? .missing,
                    driver.map { .decimal($0.share, places: 2) } ?? .missing,
                ]
            })
    }
}
