import Domain
import Harness
import Testing

@testable import Readings

struct ReadingCacheTests {
    private static func reading(_ number: Int64) -> DeepReading {
        let flag = DeepReading.Flag(probability: number, isRaised: false)
        return DeepReading(
            sentiment: Sentiment(negative: 0.5, positive: 0.25), irony: flag, offence: flag, hate: flag,
            emotions: .zero, emotion: .joy)
    }

    @Test func itNeverHoldsMoreThanItsBoundAndNeverAWrongReading() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = Seeded(state: seed)
        let cache = ReadingCache(limit: 200_000)
        var found = 0
        for _ in 0..<20_000 {
            let number = Int64.random(in: 0..<1000, using: &random)
            let key = [Int32](repeating: Int32(number % 251), count: Int(number % 70)) + [Int32(number)]
            if let reading = cache.reading(of: key) {
                #expect(reading == Self.reading(number), "seed \(seed)")
                found += 1
            } else {
                cache.keep(Self.reading(number), of: key)
            }
            #expect(cache.bytes <= 200_000, "seed \(seed)")
        }
        #expect(found > 2000, "seed \(seed)")
        #expect(cache.entries > 100, "seed \(seed)")
    }

    @Test func whatIsAskedForStaysLongerThanWhatIsNot() {
        var table = ClockTable(limit: 100 * (ClockTable.overhead + 8))
        func key(_ number: Int64) -> [Int32] { [Int32(number), 7] }
        for number in Int64(0)..<100 { table.keep(Self.reading(number), of: key(number)) }
        for number in Int64(100)..<1000 {
            for favourite in Int64(0)..<10 { #expect(table.reading(of: key(favourite)) != nil) }
            table.keep(Self.reading(number), of: key(number))
        }
        #expect(table.count == 100)
    }

    @Test func aKeyBeyondTheBoundIsNotKept() {
        let cache = ReadingCache(limit: 1000)
        cache.keep(Self.reading(1), of: [Int32](repeating: 0, count: 2000))
        #expect(cache.entries == 0)
    }
}
