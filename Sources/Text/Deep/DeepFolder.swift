internal import Foundation
package import Neural

/// The files of a deep model, to be written into one folder.
package struct DeepFolder: Sendable {
    package private(set) var configuration: DeepConfiguration
    package let weights: Safetensors

    package init(configuration: DeepConfiguration, weights: Safetensors) {
        self.configuration = configuration
        self.weights = weights
    }

    /// The folder with other thresholds, as shares.
    package func settingThresholds(cascadeBelow: Double, ironicFrom: Double) -> Self {
        var folder = self
        folder.configuration.cascadeBelow = Int((cascadeBelow * 1e6).rounded())
        folder.configuration.ironyFrom = Int((ironicFrom * 1e6).rounded())
        return folder
    }

    /// Writes `config.json` and `model.safetensors`, making the folder where it is missing.
    ///
    /// The same model gives the same bytes.
    package func write(to directory: String) throws(ModelError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        do {
            let folder = URL(filePath: directory)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try encoder.encode(configuration).write(to: folder.appending(path: "config.json"), options: .atomic)
            try Data(weights.bytes).write(to: folder.appending(path: "model.safetensors"), options: .atomic)
        } catch {
            throw .unreadable(path: directory, reason: error.localizedDescription)
        }
    }
}
