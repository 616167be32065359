import ArgumentParser
import Domain
import Text
import Training

/// `groundswell evaluate FILE`: how well the fast model, and trends made of its answers, fit people's labels.
struct EvaluateLabelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "labels",
        abstract: "Score the fast sentiment model on one file of texts with human labels.",
        discussion: """
            Example: groundswell evaluate labels.jsonl.gz --by airline
            Labels are 0, 1, 2 or negative, neutral, positive. 'net' is positive minus negative share: by people, by \
            the chosen labels, and by the sums of calibrated probabilities, which trends should be read from.
            """)

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "Model folder; the shipped one when not given.") var model: String?
    @Option(help: "Field that holds the text.") var textField = "text"
    @Option(help: "Field that holds the label.") var labelField = "label"
    @Option(help: "Also score each value of this field.") var by: String?
    @Flag(help: "Print the confusion matrix instead.") var confusion = false
    @Argument(help: "JSON Lines, plain, .gz or .zst.", completion: .file()) var file: String

    func run() async throws {
        let settings = try await Settings(connection)
        let model = try SentimentModel(directory: self.model ?? "\(settings.modelsFolder())/fast-sentiment")
        let rows = try LabelFile(textField: textField, labelField: labelField, groupField: by).rows(of: file)
        Terminal.say("model \(model.version), \(rows.count) texts")
        let sentiments = model.score(rows.map(\.example.text))
        if confusion {
            output.show(Self.matrix(Evaluation(sentiments: sentiments, labels: rows.map(\.example.label)).confusion))
        } else {
            output.show(table(rows, sentiments))
        }
    }

    private func table(_ rows: [LabelFile.Row], _ sentiments: [Sentiment]) -> Table {
        var table = Table([
            by ?? "set", "texts", "macro recall", "95% from", "to", "accuracy", "macro F1", "ECE", "net people",
            "net labels", "net sums",
        ])
        func add(_ name: String, _ indices: [Int]) {
            let labels = indices.map { rows[$0].example.label }
            let scored = indices.map { sentiments[$0] }
            let result = Evaluation(sentiments: scored, labels: labels)
            let count = Double(indices.count)
            func net(_ classes: [Int]) -> Double {
                Double(classes.count { $0 == 2 } - classes.count { $0 == 0 }) / count
            }
            let mass = Double(scored.reduce(0) { $0 + $1.positive - $1.negative }) / Double(Sentiment.one) / count
            table.add([
                .text(name), .count(indices.count), .decimal(result.macroRecall * 100, places: 1),
                .decimal(result.interval.lowerBound * 100, places: 1),
                .decimal(result.interval.upperBound * 100, places: 1),
                .decimal(result.accuracy * 100, places: 1), .decimal(result.confusion.macroF1 * 100, places: 1),
                .decimal(result.calibrationError * 100, places: 1), .decimal(net(labels), places: 3),
                .decimal(net(scored.map { Int($0.label.rawValue) }), places: 3), .decimal(mass, places: 3),
            ])
        }
        add("all", Array(rows.indices))
        if by != nil {
            let groups = Dictionary(grouping: rows.indices) { rows[$0].group ?? "" }
            for (name, indices) in groups.sorted(by: { $0.key < $1.key }) { add(name, indices) }
        }
        return table
    }

    private static func matrix(_ confusion: ConfusionMatrix) -> Table {
        Table(
            ["people \\ model"] + SentimentLabel.allCases.map(\.name) + ["recall %"],
            rows: SentimentLabel.allCases.map { label in
                let row = Int(label.rawValue)
                return [.text(label.name)] + confusion.counts[row].map { .count($0) }
                    + [confusion.recall(of: row).map { .decimal($0 * 100, places: 1) } ?? .missing]
            })
    }
}
