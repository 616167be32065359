import Foundation
import Harness
import Neural
import Testing
import Text

/// The deep model over a small encoder of random weights: what holds of any weights.
@Suite struct DeepModelTests {
    private let base: String
    private let folder: String

    private static let texts = [
        "The plane was so very late!", "good food, fine plane", "", "hate hate hate", "@someone https://example.com",
        "Ω≈ç√ 🛫🛬 \u{0}\u{FFFD}", String(repeating: "bad food. ", count: 40), "love",
    ]

    init() throws {
        base = try TestFolder.make("base")
        folder = try TestFolder.make("deep")
        try TinyEncoder.write(to: base, seed: 1)
        try Self.folder().write(to: folder)
    }

    private static func folder(
        tasks: [TextTask] = [.sentiment, .irony, .stance], change: (inout DeepConfiguration) -> Void = { _ in }
    ) -> DeepFolder {
        let base = TinyEncoder.weights(seed: 1)
        var random = SplitMix(seed: 5)
        let heads = tasks.map { task in
            let weight = Matrix(
                rows: task.classes.count, columns: TinyEncoder.shape.width, deviation: 0.3, using: &random)
            return (task, Linear(weight: weight, bias: task.classes.map { _ in 0 }))
        }
        var configuration = DeepConfiguration(
            name: "tiny", base: DeepConfiguration.Base(name: "tiny", fingerprint: base.fingerprint), tokenLimit: 24,
            tasks: tasks.map {
                DeepConfiguration.Task(
                    task: $0, calibration: Calibration(biases: $0.classes.map { _ in 0 }), validationMark: 0.5)
            })
        change(&configuration)
        let trained = TinyEncoder.weights(seed: 2).trained
        return DeepFolder(
            configuration: configuration, weights: DeepDelta.file(from: base.trained, to: trained, heads: heads))
    }

    @Test(arguments: Precision.allCases) func aTextHasTheSameAnswersInAnyBatch(precision: Precision) throws {
        let model = try DeepModel(directory: folder, base: base, precision: precision)
        let together = model.read(Self.texts)
        for (text, scores) in zip(Self.texts, together) { #expect(model.read([text]) == [scores]) }
        #expect(model.read(Self.texts.reversed()) == together.reversed())
        let many = (0..<600).map { Self.texts[$0 % Self.texts.count] }
        for (index, scores) in model.read(many).enumerated() { #expect(scores == together[index % together.count]) }
    }

    @Test func probabilitiesAddUpToOneForEveryText() throws {
        let model = try DeepModel(directory: folder, base: base)
        for scores in model.read(Self.texts) {
            for task in [TextTask.sentiment, .irony] {
                let score = try #require(scores[task])
                #expect(abs(score.probabilities.reduce(0, +) - 1) < 1e-5)
                #expect(score.probabilities.allSatisfy { (0...1).contains($0) })
            }
            #expect(scores[.stance] == nil && scores[.hate] == nil)
        }
    }

    @Test func aStanceDependsOnItsTarget() throws {
        let model = try DeepModel(directory: folder, base: base)
        let texts = ["the food was late", "love"]
        #expect(model.stance(texts, towards: "plane") != model.stance(texts, towards: "food"))
        try Self.folder(tasks: [.irony]).write(to: folder)
        #expect(try DeepModel(directory: folder, base: base).stance(texts, towards: "plane").isEmpty)
    }

    @Test func precisionsAgreeWithinRounding() throws {
        let exact = try DeepModel(directory: folder, base: base, precision: .fp32).read(Self.texts)
        let fast = try DeepModel(directory: folder, base: base, precision: .int8).read(Self.texts)
        for (a, b) in zip(exact, fast) {
            for (p, q) in zip(a[.sentiment]?.probabilities ?? [], b[.sentiment]?.probabilities ?? []) {
                #expect(abs(p - q) < 0.05)
            }
        }
    }

    @Test func theVersionIsThatOfTheWeights() throws {
        let version = try DeepModel(directory: folder, base: base).version
        #expect(version.hasPrefix("tiny-"))
        #expect(try DeepModel(directory: folder, base: base, precision: .fp32).version == version)
        try Self.folder { $0.ironyFrom = 900_000 }.write(to: folder)
        #expect(try DeepModel(directory: folder, base: base).version != version)
    }

    @Test func differencesToAnotherEncoderAreRefused() throws {
        let other = try TestFolder.make("base")
        try TinyEncoder.write(to: other, seed: 9)
        #expect { try DeepModel(directory: folder, base: other) } throws: { "\($0)".contains("another encoder") }
    }

    @Test func missingAndBrokenFilesAreNamed() throws {
        #expect { try DeepModel(directory: folder, base: "\(base)-gone") } throws: { "\($0)".contains("-gone") }
        for name in ["config.json", "model.safetensors"] {
            let path = "\(folder)/\(name)"
            let whole = try Data(contentsOf: URL(filePath: path))
            try whole.prefix(whole.count / 2).write(to: URL(filePath: path))
            #expect { try DeepModel(directory: folder, base: base) } throws: { "\($0)".contains(path) }
            try whole.write(to: URL(filePath: path))
        }
        _ = try DeepModel(directory: folder, base: base)
    }

    @Test(
        arguments: [
            { $0.format = 2 }, { $0.tokenLimit = 4000 }, { $0.tokenLimit = 4 }, { $0.tasks = [] },
            { $0.tasks.append($0.tasks[0]) }, { $0.tasks[0].calibration = Calibration(biases: [0, 0, 0, 0]) },
            { $0.cascadeBelow = -1 },
        ] as [@Sendable (inout DeepConfiguration) -> Void])
    func aConfigurationThatCannotHoldIsRefused(change: @Sendable (inout DeepConfiguration) -> Void) throws {
        try Self.folder(change: change).write(to: folder)
        #expect(throws: ModelError.self) { try DeepModel(directory: folder, base: base) }
    }
}
