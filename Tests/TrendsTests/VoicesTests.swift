import Domain
import Harness
import Testing
import Trends

@Suite struct VoicesTests {
    private static func voices(_ posts: [Post]) -> Voices? {
        var builder = PartialBuilder(grains: [.hour], unsureBelow: 0, hearsVoices: true)
        var matches = BrandMatches()
        for _ in posts { matches.append([0]) }
        builder.absorb(posts, matches, readings: [])
        return builder.finish().voices.values.first
    }

    private static func post(_ id: Int, platform: Platform = .x, language: String = "en") -> Post {
        Post(
            platform: platform, id: "\(id)", createdAt: Timestamp(seconds: 1_760_000_400 + Int64(id % 60)),
            text: String(repeating: "word ", count: 200), language: language,
            author: .init(id: "a\(id)", handle: "h\(id)"),
            hashtags: ["tag\(id % 3)"],
            urls: ["https://www.Example.com/\(id)", "https://example.com/again", "mailto:x"])
    }

    @Test func anHourIsSampledOverAllPlatformsAndLanguages() throws {
        let posts = (0..<200).map {
            Self.post($0, platform: $0 % 2 == 0 ? .x : .reddit, language: $0 % 3 == 0 ? "de" : "en")
        }
        let voices = try #require(Self.voices(posts))
        #expect(voices.posts == 200 && voices.sample.count == Voice.sampleSize)
        #expect(
            Set(voices.sample.map(\.platform)) == [.x, .reddit] && Set(voices.sample.map(\.language)) == ["de", "en"])
        let first = try #require(voices.sample.first)
        #expect(first.domains == ["example.com"] && first.hashtags.count == 1)
        #expect(first.example.text.utf8.count <= Voice.textLimit)
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func anyCutAndOrderGivesTheSameSample(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let posts = (0..<150).map { Self.post($0) }.shuffled(using: &random)
        let whole = try #require(Self.voices(posts))
        var sum = Voices()
        for start in stride(from: 0, to: posts.count, by: 17) {
            let piece = try #require(Self.voices(Array(posts[start..<min(start + 17, posts.count)])))
            sum.merge(try Voices(encoded: piece.encoded(VoicesKey(start: 0, brand: 0))))
        }
        #expect(sum == whole, "seed \(seed)")
    }

    @Test func withoutAlertsNobodyListens() {
        var builder = PartialBuilder(grains: [.hour], unsureBelow: 0)
        var matches = BrandMatches()
        matches.append([0])
        builder.absorb([Self.post(1)], matches, readings: [])
        #expect(builder.finish().voices.isEmpty)
    }

    @Test(arguments: 0..<300 as Range<UInt64>) func damagedVoicesAreRefusedOrRead(seed: UInt64) throws {
        var random = Seeded(state: seed)
        var bytes = try #require(Self.voices((0..<5).map { Self.post($0) })).encoded(VoicesKey(start: 3600, brand: 1))
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
        }
        guard let read = try? Voices(encoded: bytes) else { return }
        #expect(read.sample.count <= Voice.sampleSize)
    }
}
