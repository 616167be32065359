import Testing

@testable import Generator

@Suite struct PartsTests {
    @Test func weightedChoicesComeAsOftenAsTheyWeigh() {
        var random = Seeded(3)
        let choice = WeightedChoice([5, 0, 3, 2])
        var counts = [0, 0, 0, 0]
        for _ in 0..<20_000 { counts[choice.draw(&random)] += 1 }
        #expect(counts[1] == 0)
        for (count, share) in zip(counts, [10_000, 0, 6_000, 4_000]) {
            #expect(abs(count - share) < 400, "\(counts)")
        }
    }

    @Test func fewAuthorsWriteMuchOfAllPosts() {
        var random = Seeded(4)
        let choice = WeightedChoice.zipf(100_000, shift: 20)
        let ranks = (0..<1_000).map { _ in choice.draw(&random) }
        #expect(ranks.filter { $0 < 1_000 }.count > 350)
        #expect(ranks.allSatisfy { (0..<100_000).contains($0) })
    }

    @Test func everyLanguageCanSayEverything() {
        for book in PhraseBook.all {
            let wording = Wording(book)
            for (index, mood) in wording.moods.enumerated() {
                #expect(!mood.openings.isEmpty && !mood.cores.isEmpty && !mood.closings.isEmpty && !mood.emoji.isEmpty)
                // Only the three plain moods compare brands.
                #expect(index > 2 || !mood.comparisons.isEmpty, "\(book.language) \(index)")
            }
        }
    }

    @Test func postsWithoutABrandHaveNoSlotForOne() {
        for book in PhraseBook.all {
            #expect(!book.elsewhere.all.contains { $0.contains("{b}") || $0.contains("{o}") || $0.contains("{p}") })
            #expect(book.parts.dropLast().allSatisfy { part in part.cores.allSatisfy { $0.contains("{b}") } })
        }
    }

    @Test func numbersAreWrittenInEveryBase() {
        var writer = LineWriter(capacity: 0)
        writer.append(number: 18_446_744_073_709_551_615)
        writer.append(" ")
        writer.append(number: 1_295, base: 36)
        writer.append(" ")
        writer.append(number: 7, digits: 2)
        writer.append(" ")
        writer.append(base32: 32, digits: 3)
        #expect(writer.withBytes { String(decoding: $0, as: UTF8.self) } == "18446744073709551615 zz 07 aba")
    }
}
