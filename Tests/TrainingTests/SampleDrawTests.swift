import Neural
import Testing
import Training

@Suite struct SampleDrawTests {
    @Test func chancesAreInProportionToWhatItemsStandFor() {
        let sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(Double.init)
        var drawn = [Double](repeating: 0, count: sizes.count)
        for seed in 0..<4000 as Range<UInt64> {
            let sample = SampleDraw(4, sizes: sizes, seed: seed)
            #expect(sample.items.count == 4 && Set(sample.items.map(\.index)).count == 4)
            for item in sample.items { drawn[item.index] += 1 }
        }
        for (index, size) in sizes.enumerated() {
            #expect(abs(drawn[index] / 4000 - 4 * size / 55) < 0.03, "item \(index)")
        }
    }

    @Test func whatStandsForTooMuchIsTakenForCertainAndWeighsMore() {
        for seed in 0..<50 as Range<UInt64> {
            let sample = SampleDraw(3, sizes: [100, 1, 1, 1, 1, 0], seed: seed)
            #expect(sample.items.first { $0.index == 0 }?.weight == 50)
            #expect(sample.items.count == 3 && !sample.items.contains { $0.index == 5 })
            #expect(sample.items.filter { $0.index != 0 }.allSatisfy { $0.weight == 1 })
        }
    }

    @Test func fewerItemsThanAskedForAreAllDrawn() {
        #expect(Set(SampleDraw(10, sizes: [2, 3], seed: 1).items.map(\.index)) == [0, 1])
        #expect(SampleDraw(3, sizes: [], seed: 1).items.isEmpty)
        let all = SampleDraw(2, sizes: [2, 3], seed: 1).items.sorted { $0.index < $1.index }
        #expect(all.map(\.weight) == [2, 3])
    }

    @Test func weightedMeansAreRightOnAverage() {
        // Half of the items stand for three times as many posts, and differ from the others.
        let sizes = (0..<40).map { $0 % 2 == 0 ? 30.0 : 10.0 }
        var mean = 0.0
        for seed in 0..<2000 as Range<UInt64> {
            let items = SampleDraw(12, sizes: sizes, seed: seed).items
            let weight = items.reduce(0) { $0 + $1.weight }
            mean += items.reduce(0) { $0 + ($1.index % 2 == 0 ? $1.weight : 0) } / weight / 2000
        }
        #expect(abs(mean - 0.75) < 0.01)
    }
}
