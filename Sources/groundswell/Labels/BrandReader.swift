import Domain
import Foundation
import Monitors
import Store
import Text
import Training
import Worker

/// Reads a brand's posts as its jobs do, and as heads are trained.
struct BrandReader {
    let monitor: Monitor
    /// The brand's index in the monitor.
    let brand: Int
    private let context: JobContext
    private let models: ModelShelf

    init(_ monitor: Monitor, brand name: String, models: ModelShelf) throws {
        guard let brand = monitor.brands.firstIndex(where: { $0.name == name }) else {
            let known = monitor.brands.map(\.name).joined(separator: ", ")
            throw CommandError("the monitor '\(monitor.name)' has no brand '\(name)'; it has \(known)")
        }
        guard monitor.model != .none else {
            throw CommandError("the monitor '\(monitor.name)' asks for no model; give it one to label for")
        }
        self.monitor = monitor
        self.brand = brand
        self.models = models
        context = try JobContext(
            job: JobID(rawValue: 1), monitorYAML: monitor.yaml, models: models,
            submitted: Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)))
    }

    /// The way in which the newest job that counted the brand reads.
    init(brand: String, monitor: String?, models: ModelShelf, in store: Store) async throws {
        guard let reading = try await store.readings(of: brand, monitor: monitor).first else {
            throw CommandError(
                "no job has judged posts of '\(brand)' yet: submit one, or give --monitor with a file, and the posts' files"
            )
        }
        try self.init(
            Monitor(yaml: reading.monitorYAML, fileName: "monitor of '\(brand)'"), brand: brand, models: models)
    }

    var modelVersion: String { context.modelVersion }

    /// What the jobs would count, head included.
    func readings(of texts: [TextOfBrand]) -> [Reading] { context.readings(of: texts, brand: brand) }

    func isUnsure(_ reading: Reading) -> Bool { reading.isUnsure(below: monitor.unsureBelowMillionths) }

    /// Texts as heads see them; those in languages that the general model cannot read are left out.
    ///
    /// - Returns: which were kept, and how they read.
    func headTexts(_ texts: [TextOfBrand]) throws -> (kept: [Int], texts: ReadTexts) {
        let model = try models.features(for: monitor.model)
        let general = context.readings(of: texts, brand: nil).map(\.sentiment)
        let kept = texts.indices.filter { general[$0] != nil }
        return (
            kept,
            ReadTexts(
                features: model.features(kept.map { texts[$0].text }), general: kept.compactMap { general[$0] },
                version: model.version)
        )
    }
}

/// Asks the models of all jobs about labelled posts, so that SQL can correct what those jobs counted.
struct AnswerKeeper {
    let store: Store
    let models: ModelShelf

    /// - Returns: how many answers were missing and are there now.
    @discardableResult
    func complete(_ brand: String) async throws -> Int {
        var count = 0
        for reading in try await store.readings(of: brand) {
            let open = try await store.unanswered(of: brand, by: reading)
            guard !open.isEmpty else { continue }
            let monitor = try Monitor(yaml: reading.monitorYAML, fileName: "monitor of '\(brand)'")
            let reader: BrandReader
            do {
                reader = try BrandReader(monitor, brand: brand, models: models)
            } catch let error as ModelError {
                Terminal.say("note: jobs of model \(reading.modelVersion) cannot be corrected here: \(error)")
                continue
            }
            guard reader.modelVersion == reading.modelVersion else {
                Terminal.say(
                    "note: jobs counted with \(reading.modelVersion) cannot be corrected here, where the model is "
                        + reader.modelVersion)
                continue
            }
            let readings = reader.readings(of: open.map { TextOfBrand($0.text, language: $0.language) })
            let answers = zip(open, readings).compactMap { open, answer in
                answer.sentiment.map {
                    LabelAnswer(label: open.label, sentiment: $0, isUnsure: reader.isUnsure(answer))
                }
            }
            try await store.put(answers, by: reading)
            count += answers.count
        }
        return count
    }
}
