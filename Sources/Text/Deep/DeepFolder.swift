internal import Foundation
package import Neural

/// The files of a deep model, to be written into one folder.
package struct DeepFolder: Sendable {
    package let configuration: DeepConfiguration
    package let weights: Safetensors

    package init(configuration: DeepConfiguration, weights: Safetensors) {
        self.configuration = configuration
        self.weights = weights
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
