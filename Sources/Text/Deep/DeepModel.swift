internal import Domain
internal import Foundation
package import Neural
package import Subwords

/// The deep model: a transformer that reads a text once and answers all tasks about it.
///
/// A value without mutable state: any number of threads may read with one, and share its weights. The same text gets
/// the same bits in any batch and on any thread; another precision or another processor's instructions give other ones,
/// by about as much as rounding does.
package struct DeepModel: Sendable {
    package static let folderName = "deep-text"
    package static let baseName = "all-MiniLM-L6-v2"

    /// The name in its configuration and a fingerprint of configuration and weights.
    package let version: String
    package let configuration: DeepConfiguration
    /// Reads texts.
    let encoder: Encoder
    /// The same in floats, for the gradients that reasons need.
    let weights: EncoderWeights
    let tokenizer: SubwordTokenizer
    let heads: [TextTask: Linear]

    /// Opens our trained differences and the encoder they belong to.
    ///
    /// - Parameters:
    ///   - directory: holds `config.json` and `model.safetensors`.
    ///   - base: holds the encoder's `config.json`, `model.safetensors` and `tokenizer.json`.
    ///   - precision: of reading; reasons are always in floats.
    package init(directory: String, base: String, precision: Precision = .best) throws(ModelError) {
        let configuration: DeepConfiguration = try Self.decoded(directory + "/config.json")
        if let complaint = configuration.complaint {
            throw .configuration(path: directory + "/config.json", reason: complaint)
        }
        let weightsPath = directory + "/model.safetensors"
        let delta: Safetensors
        let weightBytes = [UInt8](try Self.contents(weightsPath))
        do {
            delta = try Safetensors(bytes: weightBytes)
        } catch {
            throw .weights(path: weightsPath, error)
        }
        guard FileManager.default.fileExists(atPath: base + "/config.json") else {
            throw .unreadable(path: base, reason: "no encoder is there; 'groundswell models pull' gets it")
        }
        var weights = try Self.encoder(in: base)
        guard weights.fingerprint == configuration.base.fingerprint else {
            throw .configuration(
                path: base,
                reason: "another encoder than the \(configuration.base.name) that \(directory) was trained on")
        }
        var heads: [TextTask: Linear] = [:]
        do {
            weights.trained = try DeepDelta.apply(delta, to: weights.trained)
            for task in configuration.tasks {
                heads[task.task] = try DeepDelta.head(task.task, of: delta, width: weights.shape.width)
            }
        } catch {
            throw .weights(path: weightsPath, error)
        }
        guard configuration.tokenLimit <= weights.shape.tokenLimit else {
            throw .configuration(
                path: directory + "/config.json",
                reason: "a token limit of \(configuration.tokenLimit), the encoder has \(weights.shape.tokenLimit)")
        }
        self.configuration = configuration
        self.weights = weights
        encoder = Encoder(weights, precision: precision)
        self.heads = heads
        tokenizer = try Self.tokenizer(in: base)
        version =
            configuration.name + "-" + Self.fingerprint(of: try Self.contents(directory + "/config.json"), weightBytes)
    }

    package var tasks: [TextTask] { configuration.tasks.map(\.task) }

    /// Reads an encoder's weights; the tables stay in the mapped file.
    package static func encoder(in base: String) throws(ModelError) -> EncoderWeights {
        let path = base + "/model.safetensors"
        let (configuration, weights) = (try contents(base + "/config.json"), try contents(path))
        let shape: EncoderShape
        do throws(EncoderShape.Complaint) {
            shape = try EncoderShape(json: configuration)
        } catch {
            throw .configuration(path: base + "/config.json", reason: error.description)
        }
        do throws(SafetensorsError) {
            return try EncoderWeights(try MappedTensors(weights), shape: shape)
        } catch {
            throw .weights(path: path, error)
        }
    }

    package static func tokenizer(in base: String) throws(ModelError) -> SubwordTokenizer {
        let path = base + "/tokenizer.json"
        let bytes = [UInt8](try contents(path))
        do {
            return try SubwordTokenizer(json: bytes)
        } catch {
            throw .configuration(path: path, reason: "\(error)")
        }
    }
}
