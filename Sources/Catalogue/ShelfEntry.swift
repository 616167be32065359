internal import Foundation

/// A model as it lies on the shelf.
package struct ShelfEntry: Equatable, Sendable {
    /// Whether the files are those that the catalogue names.
    package enum State: String, Sendable {
        case verified
        case damaged
        /// The catalogue does not know it.
        case unknown
    }

    package let name: String
    package let version: String?
    package let licence: String?
    package let size: Int64
    package let state: State

    init(folder: String, catalogue: [KnownModel] = KnownModel.all) throws(CatalogueError) {
        let name = URL(fileURLWithPath: folder).lastPathComponent
        self.name = name
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        size = files.reduce(0) { $0 + FileWork.size("\(folder)/\($1)") }
        guard let known = catalogue.first(where: { $0.name == name }) else {
            (version, licence, state) = (Self.version(folder), nil, .unknown)
            return
        }
        (version, licence) = (known.version, known.licence)
        var isVerified = true
        for (file, expected) in known.checksums where isVerified {
            let path = "\(folder)/\(file)"
            guard FileWork.exists(path) else {
                isVerified = false
                break
            }
            isVerified = try FileWork.sha256(path) == expected
        }
        state = isVerified ? .verified : .damaged
    }

    /// The models on a shelf, by name.
    package static func all(shelf: String) throws(CatalogueError) -> [ShelfEntry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: shelf)) ?? []
        var entries: [ShelfEntry] = []
        for name in names.sorted() where !name.hasPrefix(".") && FileWork.exists("\(shelf)/\(name)/model.safetensors") {
            entries.append(try ShelfEntry(folder: "\(shelf)/\(name)"))
        }
        return entries
    }

    /// What a model's own configuration says of its version.
    private static func version(_ folder: String) -> String? {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/config.json")),
            let fields = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        else { return nil }
        return fields["version"] as? String
    }
}
