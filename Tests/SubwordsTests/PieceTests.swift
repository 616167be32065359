import Subwords
import Testing

@Suite struct PieceTests {
    /// What each token covers in the text, special tokens left out.
    private func covered(_ text: String, _ name: String) throws -> [String] {
        let bytes = Array(text.utf8)
        return try Golden.tokenizer(name).pieces(text, limit: 1000).compactMap { piece in
            piece.bytes.map { String(decoding: bytes[$0], as: UTF8.self) }
        }
    }

    @Test(arguments: ["wordpiece", "wordpiece-cased", "unigram"]) func thePiecesOfAWordWrittenOutAreTheWord(
        name: String
    ) throws {
        #expect(try covered("The train  is\tlate", name).joined() == "Thetrainislate")
        #expect(try covered("  Coffee at the café, ÄÖÜ", name).joined() == "Coffeeatthecafé,ÄÖÜ")
    }

    @Test func capitalsAndAccentsAreCoveredAsWritten() throws {
        let text = "Ñandú WEIẞ"
        #expect(try covered(text, "wordpiece").joined() == "ÑandúWEIẞ")
    }

    @Test func aCharacterInSeveralTokensIsCoveredByEachOfThem() throws {
        let pieces = try covered("\u{1F9FF}", "bytepairs")
        #expect(pieces.count > 1)
        #expect(pieces.allSatisfy { $0 == "\u{1F9FF}" })
    }

    @Test func specialTokensCoverNothing() throws {
        let pieces = try Golden.tokenizer("wordpiece").pieces("late", limit: 10)
        #expect(pieces.first == SubwordPiece(id: 2, bytes: nil))
        #expect(pieces.last == SubwordPiece(id: 3, bytes: nil))
    }

    @Test func theNameOfASpecialTokenIsPlainText() throws {
        for (name, text) in [("wordpiece", "[SEP] [CLS]"), ("bytepairs", "</s><s>"), ("unigram", "</s> <pad>")] {
            let tokenizer = try Golden.tokenizer(name)
            let ends = tokenizer.encode("", limit: 2)
            let ids = tokenizer.encode(text, limit: 100).dropFirst().dropLast()
            #expect(ids.count > 3 && ids.allSatisfy { !ends.contains($0) && $0 != 0 }, "\(name): \(ids)")
        }
    }

    @Test(arguments: Golden.names) func aLimitKeepsTheClosingToken(name: String) throws {
        let tokenizer = try Golden.tokenizer(name)
        let whole = tokenizer.encode("They've said we'll see; I'm sure it's fine", limit: 1000)
        for limit in 3..<whole.count {
            let cut = tokenizer.encode("They've said we'll see; I'm sure it's fine", limit: limit)
            #expect(cut == whole.prefix(limit - 1) + [whole[whole.count - 1]])
        }
        #expect(tokenizer.encode("fine", limit: 0).count == 2)
    }
}
