import Domain
import Foundation
import Neural
import Testing

@testable import Text

@Suite struct SentimentModelTests {
    static let texts = [
        "", "good", "I love this sooo much :) 😍", "@user never again, http", "Встреча в понедельник", "東京は雨",
        String(repeating: "very long and boring ", count: 300), "WHY?! #fail", "ok",
    ]

    /// A model of random weights: what it says means nothing, but says it the same way each time.
    static func randomModel(seed: UInt64 = 7, span: Int = 3) throws -> (SentimentModel, Network, ModelConfiguration) {
        var random = SplitMix(seed: seed)
        var features = FeatureSettings()
        features.tableBits = 10
        let network = Network(
            embedding: EmbeddingBag(table: Matrix(rows: 1 << 10, columns: 16, deviation: 0.5, using: &random)),
            convolutions: [(1, 4), (span, 8)].map { span, filters in
                Convolution(
                    weight: Matrix(rows: 16 * span, columns: filters, deviation: 0.3, using: &random),
                    bias: (0..<filters).map { _ in random.normal() * 0.1 }, span: span)
            },
            output: Linear(weight: Matrix(rows: 3, columns: 12, deviation: 0.5, using: &random), bias: [0.1, 0, -0.1]))
        let configuration = ModelConfiguration(
            name: "random", classes: ["negative", "neutral", "positive"], features: features, width: 16,
            span: span, filters: 12,
            calibration: Calibration(scale: 1.5, biases: [0.2, -0.1, -0.1]))
        return (try SentimentModel(configuration, QuantisedNetwork(network).weights), network, configuration)
    }

    @Test(arguments: [1, 3, 5, 7]) func theSameTextGetsTheSameBitsInAnyBatch(span: Int) throws {
        let (model, _, _) = try Self.randomModel(span: span)
        let alone = Self.texts.map { model.score([$0])[0] }
        #expect(model.score(Self.texts) == alone)
        #expect(model.score(Self.texts.reversed()) == alone.reversed())
        let many = (0..<60).flatMap { _ in Self.texts }
        #expect(model.score(many) == (0..<60).flatMap { _ in alone })
        #expect(model.score([]).isEmpty)
    }

    @Test func threadsShareOneModelAndAgree() async throws {
        let (model, _, _) = try Self.randomModel()
        let wanted = model.score(Self.texts)
        await withTaskGroup(of: [Sentiment].self) { group in
            for _ in 0..<8 { group.addTask { model.score(Self.texts) } }
            for await found in group { #expect(found == wanted) }
        }
    }

    @Test func probabilitiesAddUpToOneMillion() throws {
        let (model, _, _) = try Self.randomModel()
        #expect(model.score(Self.texts).allSatisfy { $0.negative + $0.neutral + $0.positive == Sentiment.one })
    }

    @Test(arguments: [1, 3, 5, 7]) func roundingToEightBitsKeepsTheLogits(span: Int) throws {
        let (_, network, configuration) = try Self.randomModel(span: span)
        var extractor = FeatureExtractor(settings: configuration.features)
        let features = Self.texts.map { extractor.features(of: $0) }
        let floats = network(PackedTokens(features, span: span))
        let rounded = QuantisedNetwork(network).logits(of: features)
        for (wanted, found) in zip(floats.values, rounded.values) { #expect(abs(wanted - found) < 0.03) }
    }

    @Test func aModelWrittenToAFolderReadsBackTheSame() throws {
        let (model, network, configuration) = try Self.randomModel()
        try inFolder { folder in
            try ModelFolder(configuration, QuantisedNetwork(network)).write(to: folder)
            let read = try SentimentModel(directory: folder)
            #expect(read.version == model.version)
            #expect(read.score(Self.texts) == model.score(Self.texts))
        }
    }

    @Test func aConfigurationWithoutASpanMeansThree() throws {
        let (model, network, configuration) = try Self.randomModel()
        var older = configuration
        older.span = nil
        let read = try SentimentModel(older, QuantisedNetwork(network).weights)
        #expect(read.score(Self.texts) == model.score(Self.texts))
    }

    @Test func theVersionFollowsWeightsAndCalibration() throws {
        let (model, network, configuration) = try Self.randomModel()
        let (other, _, _) = try Self.randomModel(seed: 8)
        var warmer = configuration
        warmer.calibration.scale = 1.25
        let calibrated = try SentimentModel(warmer, QuantisedNetwork(network).weights)
        #expect(Set([model.version, other.version, calibrated.version]).count == 3)
        #expect(model.version.hasPrefix("random-"))
    }

    @Test func aFolderWithoutAModelSaysWhichFileIsMissing() throws {
        try inFolder { folder in
            let error = #expect(throws: ModelError.self) { try SentimentModel(directory: folder) }
            #expect(error?.description.contains("config.json") == true)
            let (_, network, configuration) = try Self.randomModel()
            try ModelFolder(configuration, QuantisedNetwork(network)).write(to: folder)
            try FileManager.default.removeItem(atPath: folder + "/model.safetensors")
            let second = #expect(throws: ModelError.self) { try SentimentModel(directory: folder) }
            #expect(second?.description.contains("model.safetensors") == true)
        }
    }

    @Test func brokenFilesAreRefused() throws {
        let (_, network, configuration) = try Self.randomModel()
        try inFolder { folder in
            try ModelFolder(configuration, QuantisedNetwork(network)).write(to: folder)
            let weights = URL(filePath: folder + "/model.safetensors")
            try Data(try Data(contentsOf: weights).dropLast()).write(to: weights)
            #expect(throws: ModelError.self) { try SentimentModel(directory: folder) }
            try Data("{\"format\": 1".utf8).write(to: URL(filePath: folder + "/config.json"))
            #expect(throws: ModelError.self) { try SentimentModel(directory: folder) }
        }
    }

    @Test func sizesThatDoNotFitAreRefused() throws {
        let (_, network, good) = try Self.randomModel()
        let weights = QuantisedNetwork(network).weights
        let wrong: [(inout ModelConfiguration) -> Void] = [
            { $0.format = 2 }, { $0.width = 32 }, { $0.span = 5 }, { $0.span = 2 }, { $0.span = 0 }, { $0.span = -1 },
            { $0.span = 17 }, { $0.span = .max }, { $0.width = 17 }, { $0.width = 0 }, { $0.filters = -1 },
            { $0.filters = 1 << 40 }, { $0.features.tableBits = 63 }, { $0.features.tableBits = -1 },
            { $0.features.tableBits = 11 }, { $0.features.shortestGram = 0 }, { $0.features.longestGram = 2 },
            { $0.features.shortestGram = .max }, { $0.features.longestGram = .min }, { $0.features.longestGram = 7 },
            { $0.classes = ["a", "b", "c"] }, { $0.calibration.biases = [1] }, { $0.calibration.scale = .nan },
        ]
        for change in wrong {
            var configuration = good
            change(&configuration)
            #expect(throws: ModelError.self, "\(configuration)") { try SentimentModel(configuration, weights) }
        }
    }

    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "groundswell-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path(percentEncoded: false))
    }
}
