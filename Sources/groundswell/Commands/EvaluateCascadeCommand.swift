import ArgumentParser
import Domain
import Foundation
import LocalServers
import Text
import Training

/// `groundswell evaluate cascade`: accuracy against speed of two models that share the work.
struct EvaluateCascadeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cascade",
        abstract: "What it gains and costs to pass posts that the fast model is unsure of to the deep one.",
        discussion: """
            Example: groundswell evaluate cascade sentiment.val.jsonl.gz
            A row for each threshold: posts whose label the fast model holds for less probable go on. Speeds are posts \
            a second on one core (CPU time of one thread, best of 3, tokenising included). The row marked with * is the \
            cheapest that loses no more than --loss points of macro recall against the deep model alone.
            """)

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "The model that reads every post: fast or a folder.") var fast = "fast"
    @Option(help: "The model that reads the rest: deep or a folder.") var deep = "deep"
    @Option(help: "Points of macro recall that may be lost.") var loss = 0.7
    @Argument(help: "Texts with sentiment labels: JSON Lines, plain, .gz or .zst.", completion: .file())
    var file: String

    func run() async throws {
        let models = try await Settings(connection).modelsFolder()
        let first = try SentimentModel(directory: fast == "fast" ? "\(models)/fast-sentiment" : fast)
        let second = try TextModel(deep, models: models)
        let rows = try LabelFile().rows(of: file).map(\.example)
        let texts = rows.map(\.text)
        Terminal.say("\(first.version), then \(second.version), on \(texts.count) texts")
        let (sentiments, fastSeconds) = timed { first.score(texts) }
        let (answers, deepSeconds) = timed { second.answers(to: texts) }
        let count = Double(texts.count)
        let curve = CascadeCurve(
            fast: sentiments, deep: answers.map(\.label), labels: rows.map(\.label),
            cost: CascadeCurve.Cost(fast: fastSeconds / count, deep: deepSeconds / count))
        output.show(table(curve))
    }

    private func table(_ curve: CascadeCurve) -> Table {
        var table = Table(["threshold", "passed on %", "macro recall", "accuracy", "posts/s/core", "chosen"])
        func add(_ name: String, _ point: CascadeCurve.Point, _ mark: String = "") {
            table.add([
                .text(name), .decimal(point.passed * 100, places: 1), .decimal(point.macroRecall * 100, places: 1),
                .decimal(point.confusion.accuracy * 100, places: 1), .count(Int(point.textsPerSecond)), .text(mark),
            ])
        }
        let chosen = curve.cheapest(losing: loss / 100)
        let steps = stride(from: 0.4, through: 0.95, by: 0.05).map { Int64(($0 * 100).rounded()) * Sentiment.one / 100 }
        add("fast alone", curve.point(threshold: 0))
        for threshold in Set(steps + [chosen.threshold]).sorted() {
            add(
                Figures.decimal(Double(threshold) / Double(Sentiment.one), places: 3),
                curve.point(threshold: threshold),
                threshold == chosen.threshold ? "*" : "")
        }
        add("deep alone", curve.deepAlone)
        return table
    }

    /// The best of three by the thread's CPU time: what other processes take of the machine does not count.
    private func timed<Result>(_ body: () -> Result) -> (Result, seconds: Double) {
        let runs = (0..<3).map { _ in seconds(body) }
        return (runs[0].0, runs.map(\.1).min() ?? 0)
    }

    private func seconds<Result>(_ body: () -> Result) -> (Result, Double) {
        let started = ThreadClock.seconds
        let result = body()
        return (result, ThreadClock.seconds - started)
    }
}
