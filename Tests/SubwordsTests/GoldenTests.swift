import Foundation
import LocalServers
import Subwords
import Testing

@Suite struct GoldenTests {
    @Test(arguments: Golden.names) func theTokensAreThoseOfTheReference(name: String) throws {
        let tokenizer = try Golden.tokenizer(name)
        let cases = try Golden.cases().filter { $0.tokenizer == name }
        #expect(cases.count > 50)
        for golden in cases {
            if let second = golden.second {
                let pair = tokenizer.encode(golden.text, second, limit: golden.limit)
                #expect(pair.ids == golden.ids, "\(golden.text.debugDescription) and \(second.debugDescription)")
                #expect(pair.types == golden.types, "\(golden.text.debugDescription) and \(second.debugDescription)")
            } else {
                #expect(
                    tokenizer.encode(golden.text, limit: golden.limit) == golden.ids, "\(golden.text.debugDescription)")
            }
        }
    }

    /// The tokenizer of the base model, where it has been pulled.
    private static let base = ProcessInfo.processInfo.environment["GROUNDSWELL_BASE_MODEL"].map {
        "\($0)/tokenizer.json"
    }
    private static let cases = ProcessInfo.processInfo.environment["GROUNDSWELL_SHARED"].map {
        "\($0)/data/text/golden_wordpiece.jsonl.gz"
    }

    @Test(
        .enabled(
            if: base != nil && cases != nil, "skipped: GROUNDSWELL_BASE_MODEL or GROUNDSWELL_SHARED is not set"))
    func realPostsHaveTheTokensOfTheReference() throws {
        struct Case: Decodable {
            var kind: String
            var text: String
            var ids: [Int32]
        }
        let tokenizer = try SubwordTokenizer(
            json: [UInt8](try Data(contentsOf: URL(filePath: try #require(Self.base)))))
        let lines = try Run.program("/bin/zcat", [try #require(Self.cases)])
        var wrong: [String: Int] = [:]
        var checked = 0
        for line in lines.split(separator: "\n") {
            let golden = try JSONDecoder().decode(Case.self, from: Data(line.utf8))
            // The reference takes "[SEP]" in a post for the token; for us a post is plain text, whatever it says.
            if golden.kind == "special_literal" { continue }
            checked += 1
            if tokenizer.encode(golden.text, limit: .max) != golden.ids { wrong[golden.kind, default: 0] += 1 }
        }
        #expect(checked == 1975)
        #expect(wrong.isEmpty)
    }
}
