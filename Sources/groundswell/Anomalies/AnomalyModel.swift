import Anomalies
import Foundation
import Neural

/// The folder of the forecaster's weights.
struct AnomalyModel {
    let forecaster: Forecaster
    let version: String

    init(folder: String) throws {
        let file = URL(fileURLWithPath: folder).appendingPathComponent("model.safetensors")
        guard let data = try? Data(contentsOf: file) else {
            throw CommandError("\(folder) holds no model.safetensors; 'groundswell train series' makes one")
        }
        let weights = try Safetensors(bytes: Array(data))
        forecaster = try Forecaster(weights)
        version = weights.metadata["version"] ?? "unknown"
    }
}
