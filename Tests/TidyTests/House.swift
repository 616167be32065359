import Foundation

/// The repository as files: what the tidy tests look at.
struct House {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A target as `Package.swift` declares it.
    struct Target {
        let name: String
        let dependencies: [String]
    }

    /// A row of the module map in the README.
    struct Room {
        let floor: Int
        let name: String
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// Rooms, doors and executables in the order of the manifest, tests left out.
    static func targets() throws -> [Target] {
        let manifest = try text("Package.swift")
        let declaration =
            #/(?:room|door|executable|target)\(\s*(?:name: )?"(?<name>\w+)"(?<rest>[^\n]*(?:\n {9,}[^\n]*)*)/#
        return manifest.matches(of: declaration).compactMap { match in
            let rest = match.output.rest
            guard !rest.contains("path: \"Tests/") else { return nil }
            let list = rest.firstMatch(of: #/\[(?<inside>[^\]]*)\]/#)
            let names = list.map { $0.output.inside.matches(of: #/"(?<name>\w+)"/#).map { String($0.output.name) } }
            return Target(name: String(match.output.name), dependencies: names ?? [])
        }
    }

    /// The rows `| floor | `Target` … | purpose |` of the README's module map.
    static func moduleMap() throws -> [Room] {
        var rooms: [Room] = []
        for line in try text("README.md").split(separator: "\n") {
            guard let row = line.wholeMatch(of: #/\| (?<floor>\d)[^|]*\| (?<names>[^|]*)\|.*/#),
                let floor = Int(row.output.floor)
            else { continue }
            for name in row.output.names.matches(of: #/`(?<name>\w+)`/#) {
                rooms.append(Room(floor: floor, name: String(name.output.name)))
            }
        }
        return rooms
    }

    /// Every Swift file of the product and its tests.
    static func swiftFiles() -> [URL] {
        ["Sources", "Tests", "loadtest"].flatMap { folder in
            let files = FileManager.default.enumerator(
                at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
            return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
        }
    }
}
