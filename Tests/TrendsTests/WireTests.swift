import Domain
import Foundation
import Harness
import SwiftProtobuf
import Testing
import Trends

struct WireTests {
    @Test(arguments: 0..<30 as Range<UInt64>) func aPartialSurvivesTheWire(seed: UInt64) throws {
        let partial = fullPartial(seed: seed, posts: Int(seed * 3))
        let bytes = try partial.encoded()
        let read = try Partial(encoded: bytes)
        #expect(read == partial, "seed \(seed)")
        #expect(try read.encoded() == bytes, "seed \(seed)")
        #expect(RollupDigest(of: read) == RollupDigest(of: partial), "seed \(seed)")
    }

    @Test func anEmptyPartialIsAFewBytes() throws {
        let bytes = try Partial().encoded()
        #expect(bytes.count < 8)
        #expect(try Partial(encoded: bytes) == Partial())
    }

    @Test func everyMillionthSurvives() throws {
        for negative in stride(from: Int64(0), through: Sentiment.one, by: 997) {
            for positive in [0, 1, (Sentiment.one - negative) / 3, Sentiment.one - negative]
            where negative + positive <= Sentiment.one {
                let sentiment = try #require(Sentiment(negative: negative, positive: positive))
                #expect(sentiment.negative == negative && sentiment.positive == positive)
            }
        }
        #expect(Sentiment(negative: 600_000, positive: 500_000) == nil)
        #expect(Sentiment(negative: -1, positive: 0) == nil)
    }

    @Test func aNewerVersionIsRefusedByName() throws {
        var wire = try WirePartial(serializedBytes: fullPartial(seed: 1).encoded())
        wire.version = 3
        let bytes: [UInt8] = try wire.serializedBytes()
        #expect(throws: PartialError.newerVersion(found: 3, known: 2)) { try Partial(encoded: bytes) }
    }

    @Test func aPartialWithoutReadingsIsWrittenAsTheVersionThatOldReducersKnow() throws {
        #expect(try WirePartial(serializedBytes: Self.small.encoded()).version == 1)
        #expect(try WirePartial(serializedBytes: Self.read.encoded()).version == 2)
        #expect(try Partial(encoded: Self.read.encoded()) == Self.read)
    }

    @Test func fieldsOfANewerReleaseArePassedOver() throws {
        let partial = fullPartial(seed: 2)
        // Field 1,000, length-delimited, three bytes.
        let bytes = try partial.encoded() + [0xc2, 0x3e, 3, 1, 2, 3]
        #expect(try Partial(encoded: bytes) == partial)
        let wire = try WirePartial(serializedBytes: bytes)
        #expect(try wire.serializedBytes() == bytes, "kept for whoever sends it on")
    }

    @Test func rowsWithoutSenseAreRefused() throws {
        for (name, damage) in Self.damages {
            var wire = try WirePartial(serializedBytes: Self.read.encoded())
            damage(&wire)
            let bytes: [UInt8] = try wire.serializedBytes()
            let error = #expect(throws: PartialError.self, "\(name)") { try Partial(encoded: bytes) }
            guard case .invalid = error else {
                Issue.record("\(name): \(String(describing: error))")
                continue
            }
        }
    }

    private static let damages: [(String, @Sendable (inout WirePartial) -> Void)] = [
        ("no version", { $0.version = 0 }),
        ("short column", { $0.rollups.grain.removeLast() }),
        ("long column", { $0.terms.count.append(1) }),
        ("unknown grain", { $0.rollups.grain[0] = 9 }),
        ("unknown platform", { $0.rollups.platform[0] = 99 }),
        ("large brand", { $0.rollups.brand[0] = 70_000 }),
        ("unknown language", { $0.languages.removeAll() }),
        ("unknown kind", { $0.terms.kind[0] = 9 }),
        ("unknown term", { $0.terms.texts.removeAll() }),
        ("negative count", { $0.rollups.posts[0] = -1 }),
        ("unknown column of readings", { $0.rollups.readings[0].column = 16 }),
        ("repeated column of readings", { $0.rollups.readings.append($0.rollups.readings[0]) }),
        ("short column of readings", { $0.rollups.readings[0].counts.removeLast() }),
        ("negative reading", { $0.rollups.readings[0].counts[0] = -1 }),
        ("negative total", { $0.totals.records = -1 }),
        ("crooked window", { $0.rollups.start[0] += 1 }),
        (
            "repeated row",
            {
                $0.terms.start[1] = 0
                $0.terms.text[1] = $0.terms.text[0]
            }
        ),
        ("missing sketch", { $0.rollups.authors.removeLast() }),
        ("extra sketch bytes", { $0.rollups.authors.append(0) }),
        ("broken sketch", { $0.rollups.authors[0] = 0xff }),
        ("large sample", { $0.samples[0].examples += [WireExample](repeating: WireExample(), count: 8) }),
        ("too many reasons", { $0.samples[0].examples[0].reasons = [WireReason](repeating: WireReason(), count: 6) }),
        ("empty reason", { $0.samples[0].examples[0].reasons = [WireReason()] }),
        ("unordered sample", { $0.samples[0].examples.append($0.samples[0].examples[0]) }),
        ("repeated sample", { $0.samples.append($0.samples[0]) }),
        ("long example", { $0.samples[0].examples[0].text = String(repeating: "a", count: 1025) }),
        ("impossible score", { $0.samples[0].examples[0].negative = 1_000_001 }),
        ("long excerpt", { $0.quarantine[0].excerpt.append(contentsOf: [UInt8](repeating: 0, count: 200)) }),
    ]

    @Test(arguments: 0..<60 as Range<UInt64>) func damagedBytesNeverCrash(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let start = try fullPartial(seed: seed, posts: 15).encoded()
        for _ in 0..<10 {
            var bytes = start
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
            guard let partial = try? Partial(encoded: bytes) else { continue }
            var merged = partial
            merged.merge(fullPartial(seed: seed, posts: 3))
            #expect(try Partial(encoded: partial.encoded()) == partial, "seed \(seed)")
        }
    }

    /// The same with a post in a language that nobody reads.
    private static var read: Partial {
        var partial = small
        for key in partial.rollups.keys { partial.rollups[key]?.readings[.unsupported] = 1 }
        return partial
    }

    /// One day, brand and platform, so that every column is short, and grain, brand and platform are not zero.
    private static var small: Partial {
        var matches = BrandMatches()
        let posts = (1...4).map { index in
            Post(
                platform: .x, id: "\(index)", createdAt: Timestamp(seconds: 1_760_000_000), text: "tide",
                language: "en", author: .init(id: "a"), hashtags: ["reef", "tide"], mentions: ["me"])
        }
        for _ in posts { matches.append([3]) }
        var builder = PartialBuilder(grains: [.hour, .day], unsureBelow: 0)
        builder.absorb(posts, matches, readings: [])
        builder.quarantine([QuarantinedRecord(offset: 1, reason: "bad", excerpt: [1])])
        return builder.finish()
    }
}
