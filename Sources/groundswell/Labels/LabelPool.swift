import Domain
import Feeds
import Foundation
import Monitors
import Sketches
import Store
import Worker

/// Posts of a brand that may be labelled, each text once.
struct LabelPool {
    struct Post: Equatable {
        var text: String
        var language: String
        var postedAt: Timestamp?
        /// How many posts of the brand it stands for; only ratios count.
        var standsFor: Double
    }

    private(set) var posts: [Post]

    init(_ posts: [Post]) { self.posts = posts }

    /// The examples that PostgreSQL keeps of a brand.
    init(examplesOf brand: String, monitor: String?, in store: Store) async throws {
        posts = try await store.examplePosts(of: brand, monitor: monitor).map {
            Post(text: $0.text, language: $0.language, postedAt: $0.postedAt, standsFor: $0.standsFor)
        }
    }

    /// A uniform sample of the different texts about a brand in some sources.
    ///
    /// Texts are ranked by a seeded hash, and the lowest are kept with how often each came: any number of posts in bounded
    /// memory, and the same sample for the same seed.
    init(
        _ intake: Intake, brand: Int, of monitor: Monitor, limit: Int, leavingOut known: Set<String>, seed: UInt64
    ) throws {
        let matcher = Matcher(queries: [monitor.brands[brand].query])
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        var sample = TextSample(limit: limit, seed: seed)
        var scratch = Matcher.Scratch()
        var matches = BrandMatches()
        for (index, slice) in intake.slices.enumerated() {
            let source = intake.sources[slice.source]
            let shard = ShardDescription(
                id: ShardID(job: JobID(rawValue: 1), index: UInt32(index)), source: source, offset: slice.offset,
                length: slice.length)
            let reader = try PostReader(
                shard: shard, payload: intake.payloads[source.name], mapping: monitor.source, latest: now)
            while let batch = try reader.nextBatch() {
                matcher.match(batch.posts, into: &matches, scratch: &scratch)
                for (number, post) in batch.posts.enumerated()
                where !matches[number].isEmpty && post.operation == .upsert && !known.contains(post.text) {
                    let isWanted =
                        monitor.languages.isEmpty || post.language.isEmpty || monitor.languages.contains(post.language)
                    if isWanted { sample.take(post) }
                }
            }
        }
        posts = sample.posts
    }
}

/// The texts with the lowest hashes.
private struct TextSample {
    private let limit: Int
    private let seed: UInt64
    private var kept: [String: (rank: UInt64, post: LabelPool.Post)] = [:]
    private var threshold = UInt64.max

    init(limit: Int, seed: UInt64) {
        self.limit = limit
        self.seed = seed
    }

    mutating func take(_ post: Post) {
        if kept[post.text] != nil {
            kept[post.text]?.post.standsFor += 1
            return
        }
        let rank = MurmurHash3.hash64("\(seed) \(post.text)")
        guard rank <= threshold else { return }
        kept[post.text] = (
            rank,
            LabelPool.Post(text: post.text, language: post.language, postedAt: post.createdAt, standsFor: 1)
        )
        // A text beyond the limit is dropped for good, so the counts of those that stay are complete.
        if kept.count >= 2 * limit { prune() }
    }

    private mutating func prune() {
        let ranks = kept.values.map(\.rank).sorted()
        guard ranks.count > limit else { return }
        threshold = ranks[limit - 1]
        kept = kept.filter { $0.value.rank <= threshold }
    }

    /// In the order of their hashes: the first of them are a sample too.
    var posts: [LabelPool.Post] {
        kept.values.sorted { $0.rank < $1.rank }.prefix(limit).map(\.post)
    }
}
