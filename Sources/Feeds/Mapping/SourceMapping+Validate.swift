package import Domain

extension SourceMapping {
    /// The names that a mapping may fill, in the order of the documentation.
    package static var targets: [String] { MappingTarget.names }

    /// Levels of a source path: far more than any archive has, and the reader recurses once for each.
    private static let pathDepth = 16

    /// Throws unless every target, path and replaced value makes sense.
    package func validate() throws(FeedError) {
        for (name, path) in fields.sorted(by: { $0.key < $1.key }) {
            let target = try Self.target(name)
            try Self.check(path: path, of: target)
        }
        for (name, replaced) in values.sorted(by: { $0.key < $1.key }) {
            let target = try Self.target(name)
            guard target.takesValues else {
                throw .mapping(
                    "'values' cannot replace '\(name)': only words can be replaced, not times, counts, lists")
            }
            for (old, new) in replaced.sorted(by: { $0.key < $1.key }) {
                try Self.check(value: new, for: old, of: target)
            }
        }
    }

    private static func target(_ name: String) throws(FeedError) -> MappingTarget {
        if let target = MappingTarget(name: name) { return target }
        guard let near = nearest(to: name, among: targets) else {
            throw .mapping("'\(name)' is no field of a post; known are \(targets.joined(separator: ", "))")
        }
        throw .mapping("'\(name)' is no field of a post; did you mean '\(near)'?")
    }

    private static func check(path: String, of target: MappingTarget) throws(FeedError) {
        if path.hasPrefix("$") {
            guard path == "$line" else {
                throw .mapping("'\(target.name)': '\(path)' is unknown; the only special source is '$line'")
            }
            guard target == .id else { throw .mapping("'$line' is an id; '\(target.name)' cannot come from it") }
            return
        }
        let parts = path.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty }) else {
            throw .mapping("'\(target.name)': the path '\(path)' has an empty part")
        }
        guard parts.count <= pathDepth else {
            throw .mapping("'\(target.name)': a path has at most \(pathDepth) parts, not \(parts.count)")
        }
    }

    private static func check(value: String, for old: String, of target: MappingTarget) throws(FeedError) {
        let known: [String]
        switch target {
        case .kind:
            guard Post.Kind(name: value) == nil else { return }
            known = Post.Kind.named.map(\.name)
        case .platform:
            guard Platform(name: value) == nil else { return }
            known = Platform.allCases.map(\.name)
        case .authorVerified:
            known = ["true", "false"]
            guard !known.contains(value) else { return }
        case .language:
            guard !value.isEmpty, Folding.language(value).isEmpty, value != "und" else { return }
            throw .mapping("'lang': '\(old)' becomes '\(value)', which is no language tag such as 'en' or 'pt-BR'")
        default: return
        }
        let near = nearest(to: value, among: known).map { "did you mean '\($0)'?" }
        let hint = near ?? "known are \(known.joined(separator: ", "))"
        throw .mapping("'\(target.name)': '\(old)' becomes '\(value)', which is unknown; \(hint)")
    }
}
