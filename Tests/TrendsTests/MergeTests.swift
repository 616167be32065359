import Domain
import Testing
import Trends

struct MergeTests {
    @Test(arguments: 0..<50 as Range<UInt64>) func mergingObeysItsLaws(seed: UInt64) throws {
        let parts = (0..<3).map { fullPartial(seed: seed * 3 + $0, posts: 16) }
        var left = parts[0]
        left.merge(parts[1])
        left.merge(parts[2])
        var tail = parts[1]
        tail.merge(parts[2])
        var right = parts[0]
        right.merge(tail)
        var backwards = parts[2]
        backwards.merge(parts[1])
        backwards.merge(parts[0])
        var identity = Partial()
        identity.merge(left)
        identity.merge(Partial())
        for other in [right, backwards, identity] {
            #expect(other == left, "seed \(seed)")
            #expect(RollupDigest(of: other) == RollupDigest(of: left), "seed \(seed)")
        }
        #expect(try backwards.encoded() == left.encoded(), "seed \(seed)")
    }

    @Test(arguments: 0..<50 as Range<UInt64>) func shardsMergeToWhatOneShardGives(seed: UInt64) {
        var maker = PostMaker(seed: seed)
        let batch = maker.batch(40)
        let whole = partial(of: batch)
        var parts = [(posts: [Post], matches: BrandMatches, readings: [Reading?])](
            repeating: ([], BrandMatches(), []), count: 4)
        for index in batch.posts.indices {
            let part = Int.random(in: 0..<4, using: &maker.random)
            parts[part].posts.append(batch.posts[index])
            parts[part].matches.append(batch.matches[index])
            parts[part].readings.append(batch.readings[index])
        }
        var merged = Partial()
        for part in parts.shuffled(using: &maker.random) { merged.merge(partial(of: part)) }
        #expect(merged == whole, "seed \(seed)")
    }

    @Test func aPostInTwoShardsIsOneExampleInAFixedVersion() {
        let key = ExampleKey(start: 0, brand: 0, platform: .x, language: "")
        func partial(_ text: String) -> Partial {
            var partial = Partial()
            partial.examples[key] = [
                Example(
                    hash: 7, id: "1", createdAt: Timestamp(seconds: 5), author: "a", text: text, url: nil,
                    sentiment: nil)
            ]
            return partial
        }
        var left = partial("new")
        left.merge(partial("old"))
        var right = partial("old")
        right.merge(partial("new"))
        #expect(left == right)
        #expect(left.examples[key]?.count == 1)
    }

    @Test func sumsStopAtTheLargestNumber() {
        let key = RollupKey(grain: .day, start: 0, brand: 0, platform: .x, language: "")
        var partial = Partial()
        partial.rollups[key] = Measures()
        partial.rollups[key]?.reach = .max
        partial.totals.bytes = .max
        partial.merge(partial)
        #expect(partial.rollups[key]?.reach == .max)
        #expect(partial.totals.bytes == .max)
    }

    @Test func keysDifferWhenTheirBytesDo() {
        let composed = TermKey(start: 0, brand: 0, platform: .x, language: "", kind: .hashtag, term: "\u{e9}")
        var decomposed = composed
        decomposed.term = "e\u{301}"
        #expect(composed.term == decomposed.term)
        #expect(composed != decomposed)
    }
}
