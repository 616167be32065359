internal import Foundation
internal import Neural

/// The forecaster as it is kept on the model shelf, in the folder `anomaly`.
package struct AnomalyModel: Sendable {
    package let forecaster: Forecaster
    /// What anomalies are stored with.
    package let version: String

    /// - Throws: `AnomalyModelError` when there is none, `SafetensorsError` when it is broken.
    package init(folder: String) throws {
        let file = URL(fileURLWithPath: folder).appendingPathComponent("model.safetensors")
        guard let data = try? Data(contentsOf: file) else { throw AnomalyModelError(folder: folder) }
        let weights = try Safetensors(bytes: Array(data))
        forecaster = try Forecaster(weights)
        version = weights.metadata["version"] ?? "unknown"
    }
}

/// A folder without weights.
package struct AnomalyModelError: Error, CustomStringConvertible {
    let folder: String

    package var description: String { "\(folder) holds no model.safetensors; 'groundswell train series' makes one" }
}
