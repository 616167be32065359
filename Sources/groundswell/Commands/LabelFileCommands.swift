import ArgumentParser
import Domain
import Feeds
import Foundation
import Store
import Worker

struct LabelExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write labels as JSON Lines to standard output.",
        discussion: "Example: groundswell label export --brand Quenzo > labels.jsonl")

    @OptionGroup var connection: ConnectionOptions
    @Option(help: "Only this brand.") var brand: String?

    func run() async throws {
        let store = try await Store.open(Settings(connection).postgresURL(), application: "groundswell label")
        for label in try await store.labels(of: brand) { Terminal.write(try LabelLine(label).encoded() + "\n") }
    }
}

struct LabelImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take labels from JSON Lines, as 'export' writes them; a text that has one gets the new one.",
        discussion: """
            Example: groundswell label import --brand Quenzo labels.jsonl
            A line needs "text" and "label" (0, 1, 2 or negative, neutral, positive), and "brand" unless --brand names it.
            """)

    @OptionGroup var connection: ConnectionOptions
    @Option(help: "Brand of lines that name none.") var brand: String?
    @Option(help: "Annotator of lines that name none.") var annotator = NSUserName()
    @Argument(help: "JSON Lines, plain, .gz or .zst.", completion: .file()) var file: String

    func run() async throws {
        let settings = try await Settings(connection)
        let store = try await Store.open(settings.postgresURL(), application: "groundswell label")
        let lines = try LineFile(path: file)
        var labels: [Label] = []
        var number = 0
        while let line = try lines.next() {
            number += 1
            guard line.contains(where: { $0 != 0x20 && $0 != 0x0D }) else { continue }
            do {
                labels.append(try LabelLine.decoded(line).label(brand: brand, annotator: annotator))
            } catch {
                throw CommandError("\(file):\(number): not a label: \(error)")
            }
        }
        try await store.put(labels)
        let brands = Set(labels.map(\.brand)).sorted()
        for brand in brands {
            try await AnswerKeeper(store: store, models: ModelShelf(folder: settings.modelsFolder())).complete(brand)
        }
        Terminal.say("\(labels.count) labels of \(brands.joined(separator: ", "))")
    }
}
