import Domain
import Harness
import Trends

/// Invented posts, the same for the same seed.
struct PostMaker {
    var random: Seeded
    private var next = 0
    private static let words = ["surf", "réservé", "re\u{301}serve\u{301}", "🌊", "board", "tide", "reef"]

    init(seed: UInt64) { random = Seeded(state: seed) }

    mutating func batch(_ count: Int) -> (posts: [Post], matches: BrandMatches, readings: [Reading?]) {
        var matches = BrandMatches()
        let posts = (0..<count).map { _ in post() }
        for _ in posts {
            matches.append((UInt16(0)..<3).filter { _ in Bool.random(using: &random) })
        }
        return (posts, matches, posts.map { _ in reading() })
    }

    mutating func reading() -> Reading? {
        let sentiment = Sentiment(
            negative: .random(in: 0..<0.6, using: &random), positive: .random(in: 0..<0.6, using: &random))
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return nil
        case 1: return .unsupported
        case 2: return .fast(sentiment)
        default:
            let flags = (0..<3).map { _ in
                DeepReading.Flag(
                    probability: .random(in: 0...Sentiment.one, using: &random), isRaised: .random(using: &random))
            }
            return .deep(
                DeepReading(
                    sentiment: sentiment, isDoubtful: .random(using: &random), irony: flags[0], offence: flags[1],
                    hate: flags[2], emotions: SIMD4(700_000, 100_000, 150_000, 50_000),
                    emotion: Emotion.allCases.randomElement(using: &random) ?? .joy))
        }
    }

    mutating func post() -> Post {
        next += 1
        let platform: Platform = [.x, .bluesky, .generic].randomElement(using: &random) ?? .x
        var post = Post(
            platform: platform, id: "\(next)-\(random.next() % 1000)",
            kind: Post.Kind(rawValue: UInt8.random(in: 0...4, using: &random)) ?? .post,
            createdAt: Timestamp(seconds: 1_760_000_000 + Int64.random(in: -90_000...90_000, using: &random)),
            text: String(repeating: "\(Self.words[next % 7]) ", count: next % 50 == 0 ? 300 : 3),
            language: ["en", "de", ""].randomElement(using: &random) ?? "",
            url: next % 2 == 0 ? "https://example.org/\(next)" : nil,
            author: .init(
                id: "a\(random.next() % 700)", handle: next % 3 == 0 ? "handle" : nil,
                followers: next % 4 == 0 ? nil : Int64(random.next() % 5000)),
            hashtags: (0..<Int(random.next() % 4)).map { Self.words[(next + $0) % 7] },
            mentions: (0..<Int(random.next() % 3)).map { "user\($0)" }, urls: ["https://www.Example.com:80/\(next)"],
            mediaCount: next % 2)
        post.counts.likes = Int64(random.next() % 50)
        return post
    }
}

func partial(
    of batch: (posts: [Post], matches: BrandMatches, readings: [Reading?]), grains: [Grain] = Grain.allCases
) -> Partial {
    var builder = PartialBuilder(grains: grains, unsureBelow: 450_000, hearsVoices: true)
    builder.absorb(batch.posts, batch.matches, readings: batch.readings)
    return builder.finish()
}

/// A partial with some of everything.
func fullPartial(seed: UInt64, posts: Int = 60) -> Partial {
    var maker = PostMaker(seed: seed)
    var builder = PartialBuilder(grains: Grain.allCases, unsureBelow: 450_000)
    let batch = maker.batch(posts)
    let reasons = batch.posts.indices.map { index in
        index % 3 == 0 ? nil : PostReasons(isPraise: index % 2 == 0, words: ["word\(index % 5)", "word\(index % 7)"])
    }
    builder.absorb(batch.posts, batch.matches, readings: batch.readings, reasons: reasons)
    builder.quarantine(
        (0..<Int64(seed % 4)).map {
            QuarantinedRecord(offset: Int64(seed) * 7 % 3 + $0, reason: "bad line", excerpt: [255, 0, UInt8($0)])
        })
    builder.totals.records = Int64(posts)
    builder.totals.bytes = Int64(seed)
    var partial = builder.finish()
    for (key, sample) in partial.examples {
        for (index, example) in sample.enumerated() where example.sentiment != nil {
            let words = (0..<Int(example.hash % 6)).compactMap { number in
                ReasonWord(
                    word: "word\(number)", weight: Int32(truncatingIfNeeded: example.hash >> 40) >> Int32(number))
            }
            partial.examples[key]?[index].reasons = words
        }
    }
    return partial
}
