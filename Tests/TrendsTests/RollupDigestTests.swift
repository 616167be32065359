import Crypto
import Domain
import Sketches
import Testing
import Trends

struct RollupDigestTests {
    @Test func orderNeverMattersAndEveryTableHasItsLine() {
        let partial = fullPartial(seed: 7, posts: 100)
        let digest = RollupDigest(of: partial)
        var backwards = RollupDigest()
        for record in partial.quarantine.reversed() { backwards.add(quarantined: record) }
        for (key, sample) in partial.examples.reversed() {
            for example in sample.reversed() { backwards.add(example: key, example) }
        }
        for (key, count) in partial.terms.reversed() { backwards.add(term: key, count) }
        for (key, measures) in partial.rollups.reversed() { backwards.add(rollup: key, measures) }
        #expect(backwards == digest)
        #expect(digest.lines.map(\.table) == ["rollups", "terms", "examples", "quarantine"])
        #expect(digest.lines.map(\.rows)[0] == partial.rollups.count)
        #expect(digest.lines.map(\.rows)[3] == 3)
        #expect(digest.lines.allSatisfy { $0.digest.count == 32 })
    }

    @Test func everyChangeShows() {
        let partial = fullPartial(seed: 7)
        let digest = RollupDigest(of: partial)
        for (key, measures) in partial.rollups.prefix(5) {
            var changed = partial
            changed.rollups[key]?.reach += 1
            #expect(RollupDigest(of: changed) != digest)
            changed.rollups[key] = measures
            changed.rollups[key]?.authors.insert(hash: 12)
            #expect(RollupDigest(of: changed) != digest)
            changed.rollups[key] = measures
            changed.rollups[key]?.readings[.sadnessSum] += 1
            #expect(RollupDigest(of: changed) != digest)
        }
        for key in partial.terms.keys.prefix(5) {
            var changed = partial
            changed.terms[key] = nil
            #expect(RollupDigest(of: changed) != digest)
        }
        for (key, sample) in partial.examples.prefix(5) {
            var changed = partial
            changed.examples[key] = Array(sample.dropFirst())
            #expect(RollupDigest(of: changed) != digest)
        }
        #expect(RollupDigest(of: Partial()).lines.allSatisfy { $0.rows == 0 && $0.digest.allSatisfy { $0 == "0" } })
    }

    /// The documented encoding of a term row, written out by hand.
    @Test func theCanonicalRowIsAsDocumented() {
        var digest = RollupDigest()
        let key = TermKey(start: 3600, brand: 258, platform: .x, language: "en", kind: .mention, term: "me")
        digest.add(term: key, 5)
        let row: [UInt8] =
            [2, 0x10, 0x0e, 0, 0, 0, 0, 0, 0, 2, 1, 1, 2, 0, 0, 0] + Array("en".utf8) + [1, 2, 0, 0, 0]
            + Array("me".utf8) + [5, 0, 0, 0, 0, 0, 0, 0]
        let hash = SHA256.hash(data: row).prefix(16).reversed()
        let digits = hash.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        #expect(digest.lines[1].digest == digits)
    }
}
