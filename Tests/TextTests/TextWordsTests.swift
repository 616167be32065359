import Harness
import Testing
import Text

@Suite struct TextWordsTests {
    @Test func wordsAreWhatPeopleWouldPointAt() {
        let text = "@kim Sooo GREAT!!! :-) 😍 #best https://example.org don't"
        #expect(
            TextWords(text).ranges.map { TextWords.text(of: $0, in: text) }
                == ["@kim", "Sooo", "GREAT", "!!!", ":-)", "😍", "#best", "https://example.org", "don't"])
    }

    @Test func aByteBetweenWordsBelongsToTheOneBefore() {
        let words = TextWords("  ab  cd ")
        #expect([0, 2, 3, 4, 6, 8].map(words.index) == [0, 0, 0, 0, 1, 1])
        #expect(TextWords(" ").index(at: 0) == nil)
    }

    @Test(arguments: 0..<20) func rangesAscendWithinAnyText(seed: UInt64) {
        var random = Seeded(state: seed)
        let bytes = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
        let text = String(decoding: bytes, as: UTF8.self)
        let ranges = TextWords(text).ranges
        #expect(ranges.allSatisfy { !$0.isEmpty && $0.upperBound <= text.utf8.count }, "seed \(seed)")
        #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound }, "seed \(seed)")
    }
}
