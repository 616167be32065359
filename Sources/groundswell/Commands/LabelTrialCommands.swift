import ArgumentParser
import Domain
import Foundation
import Monitors
import Text
import Training
import Worker

struct LabelSimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Play labelling through with texts whose labels are known: chosen labels against random ones.",
        discussion: """
            Example: groundswell label simulate airline.dev.jsonl.gz
            The first part of the file is the pool to label from, the rest judges; a file in order of time so has later \
            posts judge. Each seed draws another pool. Intervals are of the mean over seeds (95 %, Student's t).
            """)

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "Which models answer before there are labels: fast, cascade or deep.") var model = Monitor.Model.fast
    @Option(help: "Labels to judge after; may be given again.") var labels: [Int] = [50, 100, 200]
    @Option(help: "Posts of each seed's pool.") var pool = 2000
    @Option(help: "How often to repeat it.") var seeds = 20
    @Option(help: "The share of the file that may be labelled.") var share = 0.6
    @Flag(help: "Part the file at random and not by its order.") var shuffle = false
    @Option(help: "Field that holds the text.") var textField = "text"
    @Option(help: "Field that holds the label.") var labelField = "label"
    @Argument(help: "JSON Lines, plain, .gz or .zst.", completion: .file()) var file: String

    func validate() throws {
        guard (2...1000).contains(seeds) else { throw ValidationError("--seeds must be 2…1000, not \(seeds).") }
        guard (100...LabelChoice.poolLimit).contains(pool) else {
            throw ValidationError("--pool must be 100…\(LabelChoice.poolLimit), not \(pool).")
        }
        guard !labels.isEmpty, labels.allSatisfy({ (5...pool).contains($0) }) else {
            throw ValidationError("--labels must be 5…\(pool).")
        }
        guard (0.1...0.9).contains(share) else { throw ValidationError("--share must be 0.1…0.9, not \(share).") }
        guard model != .none else { throw ValidationError("--model must answer something.") }
    }

    func run() async throws {
        let models = ModelShelf(folder: try await Settings(connection).modelsFolder())
        let monitor = try Monitor(
            yaml: "{name: simulation, model: \(model.rawValue), brands: [{name: it, query: it}]}",
            fileName: "simulation")
        let reader = try BrandReader(monitor, brand: "it", models: models)
        var rows = try LabelFile(textField: textField, labelField: labelField).rows(of: file).map(\.example)
        if shuffle { rows = LabelTrial.order(of: rows.count, seed: 1).map { rows[$0] } }
        Terminal.say("reading \(rows.count) texts with \(reader.modelVersion)")
        let (kept, texts) = try reader.headTexts(rows.map { TextOfBrand($0.text, language: "en") })
        let truth = kept.map { rows[$0].label }
        let cut = Int(Double(kept.count) * share)
        let (pool, judges) = (texts[Array(0..<cut)], texts[Array(cut..<kept.count)])
        let judgeLabels = Array(truth[cut...])
        var settings = LabelTrial.Settings()
        settings.budgets = labels.sorted()
        settings.pool = self.pool
        settings.seeds = seeds
        let started = ContinuousClock.now
        let results = LabelTrial(settings: settings).run(
            pool: pool, Array(truth[..<cut]), judges: judges, judgeLabels
        ) { done in
            let seconds = (ContinuousClock.now - started) / .seconds(1)
            Terminal.update(
                "\(done)/\(seeds) seeds · ETA \(Figures.duration(seconds / Double(done) * Double(seeds - done)))")
        }
        Terminal.update("")
        let general = Evaluation(sentiments: judges.general, labels: judgeLabels)
        let all = HeadTrainer().train(name: "all", pool, labels: Array(truth[..<cut])).head
        Terminal.say(
            "macro recall on \(judges.count) texts: \(Figures.decimal(general.macroRecall * 100, places: 1)) % without labels, "
                + "\(Figures.decimal(LabelTrial.mark(all, judges, judgeLabels) * 100, places: 1)) % with all \(cut) labels"
        )
        output.show(Self.table(results))
    }

    private static func table(_ rows: [LabelTrial.Row]) -> Table {
        Table(
            ["labels", "chosen", "random", "gain", "95% from", "to", "seeds won"],
            rows: rows.map { row in
                let gain = MeanInterval(row.gains)
                return [
                    .count(row.budget), .decimal(MeanInterval(row.chosen).mean * 100, places: 1),
                    .decimal(MeanInterval(row.random).mean * 100, places: 1), .decimal(gain.mean * 100, places: 2),
                    .decimal(gain.low * 100, places: 2), .decimal(gain.high * 100, places: 2),
                    .text("\(row.gains.count { $0 > 0 })/\(row.gains.count)"),
                ]
            })
    }
}

extension Monitor.Model: ExpressibleByArgument {}

struct LabelCoverageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "Show how often the intervals of corrected shares hold the truth, over invented brands.",
        discussion: "Example: groundswell label coverage --brands 1000")

    @OptionGroup var output: OutputOptions
    @Option(help: "Invented brands.") var brands = 1000
    @Option(help: "Labels of each; may be given again.") var labels: [Int] = [50, 100, 200]
    @Option(help: "Posts of each brand.") var posts = 20_000
    @Option(help: "Another seed invents other brands.") var seed: UInt64 = 20

    func validate() throws {
        guard (1...1_000_000).contains(brands) else {
            throw ValidationError("--brands must be 1…1000000, not \(brands).")
        }
        guard labels.allSatisfy({ (1...posts).contains($0) }) else {
            throw ValidationError("--labels must be 1…\(posts).")
        }
    }

    func run() {
        var table = Table(["labels", "true share", "intervals", "coverage", "width", "width of labels alone"])
        for count in labels {
            for row in CoverageTrial(brands: brands, labels: count, posts: posts, seed: seed).rows {
                table.add([
                    .count(row.labels), .text(Self.name(row.prevalence)), .count(row.intervals),
                    .decimal(row.coverage * 100, places: 1), .decimal(row.width * 100, places: 1),
                    .decimal(row.widthOfLabelsAlone * 100, places: 1),
                ])
            }
        }
        output.show(table)
    }

    private static func name(_ range: Range<Double>) -> String {
        if range == 0..<1.01 { return "all" }
        return "\(Int((range.lowerBound * 100).rounded()))–\(Int((min(range.upperBound, 1) * 100).rounded())) %"
    }
}
