package import Domain
import Foundation
package import Neural

/// The fast sentiment model: how negative, neutral and positive a text is.
///
/// A value without mutable state: any number of threads may score with one. The same text gets the same bits in any
/// batch, on any thread and any machine.
package struct SentimentModel: Sendable {
    /// The name in its configuration and a fingerprint of configuration and weights.
    package let version: String

    /// BCP 47 primary tags of the languages it reads.
    package var languages: Set<String> { Set(configuration.languages ?? ["en"]) }

    let network: QuantisedNetwork
    let configuration: ModelConfiguration

    /// A model file beyond this is not a fast model.
    package static let fileLimit = 256 << 20

    /// Opens a folder with `config.json` and `model.safetensors`.
    package init(directory: String) throws(ModelError) {
        let configurationPath = directory + "/config.json"
        let weightsPath = directory + "/model.safetensors"
        let text = try Self.contents(configurationPath)
        let configuration: ModelConfiguration
        do {
            configuration = try JSONDecoder().decode(ModelConfiguration.self, from: Data(text))
        } catch {
            throw .configuration(path: configurationPath, reason: "not a model configuration: \(error)")
        }
        let weights: Safetensors
        do {
            weights = try Safetensors(bytes: try Self.contents(weightsPath))
        } catch let error as SafetensorsError {
            throw .weights(path: weightsPath, error)
        } catch let error as ModelError {
            throw error
        } catch {
            throw .unreadable(path: weightsPath, reason: "\(error)")
        }
        try self.init(configuration, weights, directory: directory)
    }

    /// Puts a model together; `directory` is named in errors.
    package init(
        _ configuration: ModelConfiguration, _ weights: Safetensors, directory: String = "model"
    ) throws(ModelError) {
        if let complaint = configuration.complaint {
            throw .configuration(path: directory + "/config.json", reason: complaint)
        }
        guard configuration.classes == SentimentLabel.allCases.map(\.name) else {
            throw .configuration(
                path: directory + "/config.json", reason: "not a sentiment model: \(configuration.classes)")
        }
        do {
            network = try QuantisedNetwork(weights, configuration: configuration)
        } catch {
            throw .weights(path: directory + "/model.safetensors", error)
        }
        self.configuration = configuration
        version = configuration.name + "-" + Self.fingerprint(configuration, weights)
    }

    /// The calibrated sentiment of each text.
    ///
    /// Buffers live as long as the call, so hand over hundreds of texts and not one at a time.
    package func score(_ texts: [String]) -> [Sentiment] {
        var extractor = FeatureExtractor(settings: configuration.features)
        var runner = NetworkRunner(network, texts: texts.count)
        var result: [Sentiment] = []
        result.reserveCapacity(texts.count)
        for text in texts {
            extractor.read(text)
            runner.append(extractor.features)
            if runner.isFull { finish(&runner, into: &result) }
        }
        finish(&runner, into: &result)
        return result
    }

    private func finish(_ runner: inout NetworkRunner, into result: inout [Sentiment]) {
        runner.finish()
        var row = [Float](repeating: 0, count: network.classes)
        for start in stride(from: 0, to: runner.logits.count, by: network.classes) {
            result.append(sentiment(of: runner.logits[start..<start + network.classes], &row))
        }
    }

    /// - Parameter row: gets the probabilities.
    func sentiment(of logits: ArraySlice<Float>, _ row: inout [Float]) -> Sentiment {
        let calibration = configuration.calibration
        for (choice, logit) in logits.enumerated() {
            row[choice] = logit * calibration.scale + calibration.biases[choice]
        }
        let label = SentimentLabel(rawValue: UInt8(calibration.choice(of: row)))
        Softmax.normalise(&row)
        return Sentiment(negative: row[0], positive: row[2], label: label)
    }

    private static func contents(_ path: String) throws(ModelError) -> [UInt8] {
        do {
            let handle = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? handle.close() }
            let data = try handle.read(upToCount: fileLimit + 1) ?? Data()
            guard data.count <= fileLimit else {
                throw ModelError.unreadable(path: path, reason: "larger than \(fileLimit) bytes")
            }
            return Array(data)
        } catch let error as ModelError {
            throw error
        } catch {
            throw .unreadable(path: path, reason: error.localizedDescription)
        }
    }

    /// Sixteen hexadecimal digits over everything that decides a score.
    private static func fingerprint(_ configuration: ModelConfiguration, _ weights: Safetensors) -> String {
        var hash = FeatureHash.start
        let numbers = [
            configuration.format, configuration.features.tableBits, configuration.features.shortestGram,
            configuration.features.longestGram, configuration.width, configuration.span ?? 0, configuration.filters,
            Int(configuration.calibration.scale.bitPattern),
        ]
        for number in numbers
            + (configuration.calibration.biases + configuration.calibration.preferences).map({ Int($0.bitPattern) })
        {
            for shift in stride(from: 0, to: 64, by: 8) {
                hash = FeatureHash.step(hash, UInt8(truncatingIfNeeded: number >> shift))
            }
        }
        for byte in weights.bytes { hash = FeatureHash.step(hash, byte) }
        return FeatureHash.digits(hash)
    }
}
