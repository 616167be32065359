import Foundation
import Harness
import Testing

@testable import Catalogue

@Suite struct ZipArchiveTests {
    private func contents(_ bytes: [UInt8], of name: String) throws -> [UInt8] {
        let archive = try ZipArchive(bytes: Data(bytes))
        let entry = try #require(archive.entries.first { $0.name == name })
        var contents: [UInt8] = []
        try archive.unpack(entry) { (block) throws(CatalogueError) in contents += block }
        return contents
    }

    private func reason(_ files: ZipMaker.File...) -> String? {
        do {
            let bytes = ZipMaker(files).bytes
            for file in files { _ = try contents(bytes, of: file.name) }
            return nil
        } catch { return "\(error)" }
    }

    @Test func storedAndDeflatedFilesComeOutAsTheyWere() throws {
        let long = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let files = [
            ZipMaker.File(name: "a/", bytes: []), ZipMaker.File(name: "a/stored", bytes: [1, 2, 3]),
            ZipMaker.File(name: "a/long", bytes: long, isDeflated: true),
            ZipMaker.File(name: "empty", bytes: [], isDeflated: true),
        ]
        let bytes = ZipMaker(files).bytes
        for file in files { #expect(try contents(bytes, of: file.name) == file.bytes) }
    }

    @Test(arguments: ["../up", "a/../../up", "/etc/passwd", "a//b", "..\\up", "C:up", "./a", "nul\u{0}", "/"])
    func aNameThatLeadsOutOfTheFolderIsAnError(name: String) {
        #expect(reason(ZipMaker.File(name: name, bytes: [1]))?.contains("leads out") == true)
    }

    @Test func aFileThatUnpacksToMoreThanItSaysIsAnError() {
        let zeros = [UInt8](repeating: 0, count: 1_000_000)
        #expect(
            reason(ZipMaker.File(name: "bomb", bytes: zeros, isDeflated: true, size: 1000))?.contains("damaged") == true
        )
        #expect(reason(ZipMaker.File(name: "less", bytes: [1], isDeflated: true, size: 2))?.contains("damaged") == true)
    }

    @Test func headersThatDisagreeAreAnError() {
        #expect(reason(ZipMaker.File(name: "a", bytes: [1], checksum: 7))?.contains("damaged") == true)
        #expect(reason(ZipMaker.File(name: "a", bytes: [1], localName: "b"))?.contains("another header") == true)
        #expect(reason(ZipMaker.File(name: "a", bytes: [1], flags: 1))?.contains("encrypted") == true)
        #expect(reason(ZipMaker.File(name: "a", bytes: [1], method: 12))?.contains("method 12") == true)
        #expect(reason(ZipMaker.File(name: "a", bytes: [1], size: 2))?.contains("two sizes") == true)
        #expect(
            reason(ZipMaker.File(name: "a", bytes: [1]), ZipMaker.File(name: "a", bytes: [1]))?.contains("twice")
                == true)
    }

    @Test(arguments: 0..<20) func aDamagedArchiveIsAnErrorOrItsFiles(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let text = Array("a text that is packed, packed, packed and packed again".utf8)
        let whole = ZipMaker([
            ZipMaker.File(name: "one", bytes: text, isDeflated: true), ZipMaker.File(name: "two", bytes: text),
        ]).bytes
        for _ in 0..<200 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0...bytes.count, using: &random)) }
            guard let archive = try? ZipArchive(bytes: Data(bytes)) else { continue }
            for entry in archive.entries {
                var count = 0
                try? archive.unpack(entry) { (block) throws(CatalogueError) in count += block.count }
                #expect(count <= entry.size, "seed \(seed)")
            }
        }
    }
}
