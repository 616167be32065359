import Testing
import Training

@Suite struct UnlabelledTextsTests {
    @Test func repostsInAnotherDressCountOnce() {
        var texts = UnlabelledTexts(limit: 10, seed: 1)
        texts.add("A very long sentence about nothing much")
        texts.add("@someone a very LONG sentence, about nothing much! http://example.org")
        texts.add("thank you!")
        texts.add("thank you!")
        texts.add("12 :) 34")
        #expect(texts.texts == ["A very long sentence about nothing much", "thank you!"])
        #expect(texts.distinct == 2)
    }

    @Test func aSampleTakesFromTheWholeAndIsTheSameForOneSeed() {
        func sample(seed: UInt64) -> [String] {
            var texts = UnlabelledTexts(limit: 100, seed: seed)
            for number in 0..<1000 { texts.add("text \(number)") }
            return texts.texts
        }
        let first = sample(seed: 1)
        #expect(first.count == 100 && Set(first).count == 100)
        #expect(first == sample(seed: 1) && first != sample(seed: 2))
        // Of 100, about half are from the later half: a deviation of 5, so 25 to 75 is five deviations.
        let late = first.count { (Int($0.dropFirst(5)) ?? 0) >= 500 }
        #expect((25...75).contains(late), "seed 1")
    }
}
