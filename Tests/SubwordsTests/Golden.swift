import Foundation
import Subwords
import Testing

/// The golden cases of the folder Fixtures, which `make.py` there made with the reference.
struct Golden: Decodable {
    var tokenizer: String
    var text: String
    var second: String?
    var limit: Int
    var ids: [Int32]
    var types: [UInt8]?

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

    static func cases() throws -> [Golden] {
        try String(contentsOf: folder.appendingPathComponent("golden.jsonl"), encoding: .utf8)
            .split(separator: "\n").map { try JSONDecoder().decode(Golden.self, from: Data($0.utf8)) }
    }

    static let names = [
        "wordpiece", "wordpiece-cased", "bytepairs", "bytepairs-space", "unigram", "unigram-first",
    ]

    static func file(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appendingPathComponent("\(name).json")))
    }

    static func tokenizer(_ name: String) throws -> SubwordTokenizer { try #require(tokenizers[name]) }

    private static let tokenizers = Dictionary(
        uniqueKeysWithValues: names.compactMap { name in
            (try? SubwordTokenizer(json: file(name))).map { (name, $0) }
        })
}
