package import Monitors
internal import Readings
internal import Text

extension ModelShelf {
    /// The version of all that judges a monitor's posts; empty when it asks for no model.
    ///
    /// - Throws: `ModelError` when weights or heads are missing, broken or do not fit.
    package func version(for monitor: Monitor) throws -> String {
        guard let reader = try reader(for: monitor.model) else { return "" }
        return [reader.version, try BrandHeads(monitor, models: self)?.version].compactMap(\.self).joined(
            separator: " + ")
    }

    /// A monitor that carries its heads with it, so that workers need none on their shelves.
    package func carryingHeads(_ monitor: Monitor, fileName: String) throws -> Monitor {
        try monitor.replacingHeads(fileName: fileName) { reference in
            try SentimentHead(reference: reference, models: folder).embedded()
        }
    }
}
