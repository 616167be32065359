import Domain
import Foundation
import Store
import Text
import Training
import Worker

/// Trains the heads of brands from the labels in PostgreSQL, and says what they gain.
struct HeadTraining {
    /// With fewer labels there is nothing to cross-validate.
    static let fewestLabels = 10

    let store: Store
    let models: ModelShelf
    /// Whether labels drawn at random teach too, which ends their use for error bars.
    let spendsSample: Bool

    /// One line of the report: the same texts before, with the general model, and after.
    private struct Marks {
        var brand: String
        var judgedBy: String
        var before: Evaluation
        var after: Evaluation
        var labels: Int
    }

    /// - Parameter brands: all with enough labels when empty.
    func run(_ brands: [String]) async throws -> Table {
        let labels = Dictionary(grouping: try await store.labels(), by: \.brand)
        var table = Table(Self.columns)
        for brand in brands.isEmpty ? labels.keys.sorted() : brands {
            let own = labels[brand] ?? []
            let teaching = own.filter { spendsSample || $0.sampleWeight == nil }
            guard teaching.count >= Self.fewestLabels else {
                let reason =
                    "'\(brand)' has \(teaching.count) labels to learn from, \(Self.fewestLabels) are needed: "
                    + "'groundswell label --brand \"\(brand)\"' proposes the posts that help most"
                guard brands.isEmpty else { throw CommandError(reason) }
                Terminal.say(reason)
                continue
            }
            let measuring = spendsSample ? [] : own.filter { $0.sampleWeight != nil }
            for marks in try await train(brand, teaching, measuring) { table.add(Self.row(marks)) }
        }
        return table
    }

    private func train(_ brand: String, _ teaching: [Label], _ measuring: [Label]) async throws -> [Marks] {
        let started = ContinuousClock.now
        let reader = try await BrandReader(brand: brand, monitor: nil, models: models, in: store)
        let (lesson, lessonLabels) = try Self.texts(teaching, reader)
        let (test, testLabels) = try Self.texts(measuring, reader)
        let result = HeadTrainer().train(name: Self.headName(of: brand), lesson, labels: lessonLabels)
        try result.head.write(models: models.folder)
        if spendsSample {
            let spent = try await store.spendSample(of: brand)
            if spent > 0 { Terminal.say("\(spent) labels drawn at random have taught and will measure no more") }
        }
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        Terminal.say(
            "\(brand): \(lessonLabels.count) labels, \(Figures.decimal(seconds, places: 1)) s; "
                + "use it: 'head: \(result.head.name)' beside the brand's query in the monitor file, and submit again")
        var marks = [
            Marks(
                brand: brand, judgedBy: "cross-validation",
                before: Evaluation(sentiments: lesson.general, labels: lessonLabels),
                after: Evaluation(sentiments: result.heldOut, labels: lessonLabels), labels: lessonLabels.count)
        ]
        if !testLabels.isEmpty {
            let answers = result.head.sentiments(test.features, general: test.general)
            marks.append(
                Marks(
                    brand: brand, judgedBy: "random sample",
                    before: Evaluation(sentiments: test.general, labels: testLabels),
                    after: Evaluation(sentiments: answers, labels: testLabels), labels: testLabels.count))
        }
        return marks
    }

    private static func texts(_ labels: [Label], _ reader: BrandReader) throws -> (texts: ReadTexts, labels: [Int]) {
        let (kept, texts) = try reader.headTexts(labels.map { TextOfBrand($0.text, language: $0.language) })
        return (texts, kept.map { Int(labels[$0].label.rawValue) })
    }

    /// The brand's letters and digits, so that the name fits into a path and a monitor.
    static func headName(of brand: String) -> String {
        let words = brand.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        let name = words.joined(separator: "-")
        return name.isEmpty ? "brand-\(brand.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF_FFFF })" : name
    }

    private static let columns = [
        "brand", "judged by", "labels", "macro recall before", "after", "accuracy before", "after", "log loss before",
        "after",
    ]

    private static func row(_ marks: Marks) -> [Table.Cell] {
        func percent(_ value: Double) -> Table.Cell { .decimal(value * 100, places: 1) }
        return [
            .text(marks.brand), .text(marks.judgedBy), .count(marks.labels), percent(marks.before.macroRecall),
            percent(marks.after.macroRecall), percent(marks.before.accuracy), percent(marks.after.accuracy),
            .decimal(marks.before.logLoss, places: 3), .decimal(marks.after.logLoss, places: 3),
        ]
    }
}
