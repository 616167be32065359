import Anomalies
import Charts
import Domain

/// One anomaly for a reader: sentences first, then figures, drivers, posts and a chart.
struct AnomalyPage {
    let anomaly: AlertMessage
    let chart: Chart

    /// Drivers and posts shown at most.
    private static let drivers = 10
    private static let examples = 5

    func text(columns: Int, isColoured: Bool) -> String {
        let sentences = [anomaly.sentence, anomaly.driverSentence, anomaly.budgetSentence].compactMap(\.self)
        var parts = [sentences.map { Terminal.visible($0) + "\n" }.joined(), facts.printed(as: .table)]
        if !anomaly.drivers.isEmpty { parts.append("what drove it\n" + driverTable.printed(as: .table)) }
        if !anomaly.examples.isEmpty { parts.append("posts\n" + examples) }
        parts.append(chart.terminal(columns: columns, rows: 18, isColoured: isColoured))
        return parts.joined(separator: "\n")
    }

    private var facts: Table {
        let unit =
            anomaly.windowSeconds < 3600 ? "\(anomaly.windowSeconds / 60) minutes" : "\(anomaly.windowSeconds / 3600) h"
        return Table(
            ["stage", "peak", "in its window", "posts", "windows of", "found", "told"],
            rows: [
                [
                    .text(anomaly.stage.rawValue), .text(Figures.minute(anomaly.peakAt)),
                    .text(anomaly.figure(anomaly.peakValue)), .integer(anomaly.posts), .text(unit),
                    .text(Figures.minute(anomaly.foundAt)), .text("\(anomaly.revision) ×"),
                ]
            ])
    }

    private var driverTable: Table {
        Table(
            ["driver", "share of excess", "posts", "expected", "authors", "score"],
            rows: anomaly.drivers.prefix(Self.drivers).map { driver in
                [
                    .text(driver.name), .text(driver.percent), .integer(driver.posts),
                    .decimal(driver.expected, places: 1), .integer(driver.authors), .decimal(driver.score, places: 1),
                ]
            })
    }

    private var examples: String {
        anomaly.examples.prefix(Self.examples).map { example in
            let author = example.author.map { " @\(Terminal.visible($0))" } ?? ""
            let address = example.url.map { "\n    \(Terminal.visible($0))" } ?? ""
            return "  \(Figures.minute(example.createdAt))\(author): \(Terminal.visible(example.text))\(address)\n"
        }.joined()
    }
}
