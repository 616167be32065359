import Foundation
import Testing

struct TidyTests {
    @Test func theModuleMapNamesExactlyTheTargetsOfThePackage() throws {
        let declared = Set(try House.targets().map(\.name))
        let mapped = try House.moduleMap().map(\.name)
        #expect(declared.count > 15, "the manifest could not be read")
        #expect(Set(mapped) == declared)
        #expect(mapped.count == Set(mapped).count, "a room stands twice in the module map")
    }

    @Test func arrowsPointDown() throws {
        let floors = Dictionary(
            try House.moduleMap().map { ($0.name, $0.floor) }, uniquingKeysWith: { first, _ in first })
        for target in try House.targets() {
            guard let floor = floors[target.name] else { continue }
            for dependency in target.dependencies {
                guard let below = floors[dependency] else { continue }
                #expect(below <= floor, "\(target.name) on floor \(floor) depends on \(dependency) on floor \(below)")
            }
        }
    }

    @Test func rolesNeverImportEachOther() throws {
        let roles: Set = ["Coordinator", "Delivery", "Live", "Reducer", "Worker"]
        for target in try House.targets() where roles.contains(target.name) {
            #expect(roles.isDisjoint(with: target.dependencies), "\(target.name) depends on another role")
        }
    }

    @Test func aLongFileStatesItsReason() throws {
        for file in House.swiftFiles() where !file.lastPathComponent.hasSuffix(".pb.swift") {
            let text = try String(contentsOf: file, encoding: .utf8)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
            #expect(lines <= 500 || text.contains("// Long because"), "\(file.lastPathComponent) has \(lines) lines")
        }
    }

    @Test func onlyTheirOwnersOpenTheDoorsToC() throws {
        let owners = [
            "CCLD2": ["Languages"], "CCurl": ["Web"], "CHiredis": ["Redis"], "CLibPQ": ["Postgres"],
            "COpenBLAS": ["Neural"], "CZlib": ["Catalogue", "Charts", "Feeds"], "CZstd": ["Compression", "Feeds"],
        ]
        for file in House.swiftFiles() {
            let room = file.deletingLastPathComponent().path
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                guard let match = line.wholeMatch(of: #/(?:internal |package |private )?import (?<module>C[A-Z]\w+)/#),
                    let allowed = owners[String(match.output.module)]
                else { continue }
                let isAllowed = allowed.contains { room.contains("/\($0)") }
                #expect(isAllowed, "\(file.lastPathComponent) imports \(match.output.module)")
            }
        }
    }

    @Test func noModuleHoldsATypeOfItsOwnName() throws {
        for target in try House.targets() where target.name.first?.isUppercase == true {
            let declaration = try Regex(
                #"(?m)^(?:package |public |internal )?(?:final )?(?:struct|class|enum|actor) \#(target.name)\b"#)
            for file in House.swiftFiles() where file.path.contains("/Sources/\(target.name)/") {
                let text = try String(contentsOf: file, encoding: .utf8)
                #expect(text.firstMatch(of: declaration) == nil, "\(file.lastPathComponent) declares \(target.name)")
            }
        }
    }
}
