/// A path pattern: `*`, `?`, `[a-z]`, `[!a-z]` within a name, `**` for any number of folders.
///
/// As in shells, a pattern finds hidden names only if it spells their dot.
struct Glob {
    /// The folder where the search starts: everything before the first special character.
    let root: String
    private let parts: [String]

    static func isPattern(_ argument: String) -> Bool { argument.contains { "*?[".contains($0) } }

    init(_ pattern: String) {
        let names = pattern.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        let fixed = names.prefix { !Self.isPattern($0) }
        parts = Array(names.dropFirst(fixed.count))
        let start = fixed.joined(separator: "/")
        root = pattern.hasPrefix("/") ? "/" + start : start.isEmpty ? "." : start
    }

    /// The paths that match, sorted, and the folders that could not be looked into.
    func paths() -> (found: [String], problems: [FeedError]) {
        var search = GlobSearch()
        search.walk(root, parts[...], depth: 0)
        return (search.found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, search.problems)
    }

    /// Whether one name matches one part of a pattern.
    static func matches(_ name: String, _ pattern: String) -> Bool {
        if name.hasPrefix("."), !pattern.hasPrefix(".") { return false }
        let name = Array(name.unicodeScalars)
        let pattern = Array(pattern.unicodeScalars)
        var at = 0
        var part = 0
        // Where the last star was and what it swallowed: one step back is enough, so hostile patterns stay cheap.
        var star: (part: Int, at: Int)?
        while at < name.count {
            if part < pattern.count, pattern[part] == "*" {
                star = (part, at)
                part += 1
            } else if let next = step(name[at], pattern, part) {
                at += 1
                part = next
            } else if let last = star {
                star = (last.part, last.at + 1)
                at = last.at + 1
                part = last.part + 1
            } else {
                return false
            }
        }
        return pattern[part...].allSatisfy { $0 == "*" }
    }

    /// Where the pattern goes on when it takes the character; `nil` when it does not.
    private static func step(_ scalar: Unicode.Scalar, _ pattern: [Unicode.Scalar], _ part: Int) -> Int? {
        guard part < pattern.count else { return nil }
        switch pattern[part] {
        case "?": return part + 1
        case "[":
            guard let end = pattern[(part + 1)...].dropFirst().firstIndex(of: "]") else {
                return scalar == "[" ? part + 1 : nil
            }
            let isNegated = pattern[part + 1] == "!" || pattern[part + 1] == "^"
            let set = pattern[(part + (isNegated ? 2 : 1))..<end]
            return holds(scalar, set) != isNegated ? end + 1 : nil
        default: return pattern[part] == scalar ? part + 1 : nil
        }
    }

    private static func holds(_ scalar: Unicode.Scalar, _ set: ArraySlice<Unicode.Scalar>) -> Bool {
        var at = set.startIndex
        while at < set.endIndex {
            if at + 2 < set.endIndex, set[at + 1] == "-" {
                if set[at] <= scalar, scalar <= set[at + 2] { return true }
                at += 3
            } else {
                if set[at] == scalar { return true }
                at += 1
            }
        }
        return false
    }
}

/// Walks through folders as a pattern says.
private struct GlobSearch {
    var found: Set<String> = []
    var problems: [FeedError] = []

    mutating func walk(_ folder: String, _ parts: ArraySlice<String>, depth: Int) {
        guard let part = parts.first, depth <= FeedBounds.folderDepth else { return }
        let rest = parts.dropFirst()
        if part == "**" {
            // No folder at all, or one more; at the end of a pattern it stands for every file below.
            walk(folder, rest.isEmpty ? ["*"] : rest, depth: depth)
            for name in names(in: folder) where !name.hasPrefix(".") {
                let path = join(folder, name)
                if isFolder(path) { walk(path, parts, depth: depth + 1) }
            }
            return
        }
        for name in names(in: folder) where Glob.matches(name, part) {
            let path = join(folder, name)
            if rest.isEmpty {
                found.insert(path)
            } else if isFolder(path) {
                walk(path, rest, depth: depth + 1)
            }
        }
    }

    private mutating func names(in folder: String) -> [String] {
        do throws(FeedError) {
            return try FileStatus.names(in: folder)
        } catch {
            if !problems.contains(error) { problems.append(error) }
            return []
        }
    }

    private func isFolder(_ path: String) -> Bool { (try? FileStatus(path: path))?.isFolder ?? false }

    private func join(_ folder: String, _ name: String) -> String {
        folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }
}
