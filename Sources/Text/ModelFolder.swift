package import Foundation
import Neural

/// The files of a model as bytes, to be written into one folder.
package struct ModelFolder: Sendable {
    package let configuration: Data
    package let weights: Data

    /// The same model gives the same bytes.
    package init(_ configuration: ModelConfiguration, _ network: QuantisedNetwork) throws(ModelError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        do {
            self.configuration = try encoder.encode(configuration)
        } catch {
            throw .configuration(path: "config.json", reason: "\(error)")
        }
        weights = Data(network.weights.bytes)
    }

    /// Writes `config.json` and `model.safetensors`, making the folder where it is missing.
    package func write(to directory: String) throws(ModelError) {
        do {
            let folder = URL(filePath: directory)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try configuration.write(to: folder.appending(path: "config.json"), options: .atomic)
            try weights.write(to: folder.appending(path: "model.safetensors"), options: .atomic)
        } catch {
            throw .unreadable(path: directory, reason: error.localizedDescription)
        }
    }
}
