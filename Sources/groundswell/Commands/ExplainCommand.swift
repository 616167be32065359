import ArgumentParser
import Feeds
import Text

/// `groundswell explain`: why a model answers as it does, and what an anomaly is about.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show which words made a model choose a label, or what happened in an anomaly.",
        discussion: """
            Example: groundswell explain text 'The staff was kind, the food a disaster'
            Example: groundswell explain anomaly 12
            """,
        subcommands: [Words.self, ExplainAnomalyCommand.self])

    /// `groundswell explain text`.
    struct Words: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "text",
            abstract: "Show the words of texts by what they add to the label's lead over the others, in logits.",
            discussion: """
                Example: groundswell explain text 'Great, my train is late again' --task irony
                Example: groundswell explain text 'not bad at all' --compare fast deep
                Example: groundswell explain text --model fast --file posts.txt --output json
                A weight above 0 speaks for the label, below 0 against it; where one is 1, the label's odds are about \
                2.7 times what they would be without the word. The weights add up to the label's lead over that of a \
                text without words. Colours need a terminal and no NO_COLOR; else weights stand behind the words.
                """)

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "sentiment, emotion, irony, offensive, hate or stance.") var task = TextTask.sentiment
        @Option(help: "What a stance is about.") var target: String?
        @Option(help: "deep, fast (sentiment only), or the folder of a model.") var model: String?
        @Option(parsing: .upToNextOption, help: "Two models side by side.") var compare: [String] = []
        @Option(help: "Words in the list of each text.") var top = 5
        @Option(help: "Read a text from each line of this file.", completion: .file()) var file: String?
        @Argument(help: "Texts; - for one from each line of standard input.") var texts: [String] = []

        mutating func validate() throws {
            // Whatever stands behind the two models is a text.
            texts += compare.dropFirst(2)
            compare.removeLast(max(0, compare.count - 2))
            guard texts.isEmpty == (file != nil) else { throw ValidationError("Give texts, - or --file.") }
            guard (0...100).contains(top) else { throw ValidationError("--top must be 0…100, not \(top).") }
            guard compare.isEmpty || compare.count == 2 && model == nil else {
                throw ValidationError("--compare takes two models, without --model.")
            }
            guard task.hasTarget == (target != nil) else {
                throw ValidationError(
                    task.hasTarget ? "A stance needs a --target." : "Only a stance has a --target.")
            }
        }

        func run() async throws {
            let folder = try await Settings(connection).modelsFolder()
            let models = try (compare.isEmpty ? [model ?? TextModel.best(in: folder)] : compare).map { name in
                let model = try TextModel(name, models: folder)
                guard model.tasks.contains(task) else {
                    throw CommandError("the model \(name) does not answer \(task.rawValue)")
                }
                return model
            }
            let page = ReasonsPage(
                models: models.map(\.version), top: top, format: output.format, isColoured: Terminal.takesColours)
            try forEachShare { texts in
                let reasons = models.map { $0.reasons(for: texts, task: task, target: target) }
                for index in texts.indices { page.show(texts[index], reasons.map { $0[index] }) }
            }
            page.finish()
        }

        /// Texts explained together.
        private static let share = 64

        private func forEachShare(_ body: ([String]) -> Void) throws {
            var waiting: [String] = []
            func take(_ text: String) {
                waiting.append(text)
                guard waiting.count == Self.share else { return }
                body(waiting)
                waiting.removeAll()
            }
            if let file {
                let lines = try LineFile(path: file)
                while let line = try lines.next() { take(String(decoding: line, as: UTF8.self)) }
            }
            for text in texts {
                if text == "-" {
                    while let line = readLine() { take(line) }
                } else {
                    take(text)
                }
            }
            body(waiting)
        }
    }
}

extension TextTask: ExpressibleByArgument {
    package init?(argument: String) { self.init(rawValue: argument) }
    package static var allValueStrings: [String] { allCases.map(\.rawValue) }
    package var defaultValueDescription: String { rawValue }
}
