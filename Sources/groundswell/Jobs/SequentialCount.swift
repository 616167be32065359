import Domain
import Monitors
import Sketches
import Store
import Trends
import Worker

/// Counts shards one after the other in this process: the workers' own code, without queue and merge.
struct SequentialCount {
    private(set) var result = Partial()
    private let context: JobContext

    init(context: JobContext) { self.context = context }

    /// Adds one shard.
    ///
    /// - Parameter poison: records that would end this process, by offset, with the reason known.
    mutating func add(_ shard: ShardDescription, payload: [UInt8]? = nil, poison: [Int64: String] = [:]) throws {
        var pipeline = ShardPipeline(context: context)
        pipeline.skipped = poison
        try pipeline.run(shard, payload: payload) { result.merge($0) }
    }

    /// The rows that SQL shows of this count: platforms and languages added up.
    func trendRows(grain: Grain) -> [TrendRow] {
        struct Key: Hashable {
            let brand: UInt16
            let start: Int64
        }
        var sums: [Key: Measures] = [:]
        for (key, measures) in result.rollups where key.grain == grain {
            sums[Key(brand: key.brand, start: key.start), default: Measures()].merge(measures)
        }
        return sums.sorted { ($0.key.start, $0.key.brand) < ($1.key.start, $1.key.brand) }.map { key, sum in
            let scored = sum.negative + sum.neutral + sum.positive + sum.unsure
            let mass = Double(sum.positiveSum - sum.negativeSum) / Double(Sentiment.one)
            return TrendRow(
                monitor: context.monitor.name, brand: context.monitor.brands[Int(key.brand)].name,
                start: Timestamp(seconds: key.start), group: nil, posts: sum.posts, originals: sum.posts - sum.reposts,
                reposts: sum.reposts, replies: sum.replies, scored: scored, negative: sum.negative,
                neutral: sum.neutral, positive: sum.positive, unsure: sum.unsure,
                netSentiment: scored == 0 ? nil : mass / Double(scored), engagement: sum.engagement, reach: sum.reach,
                distinctAuthors: Int64(sum.authors.cardinality.rounded()))
        }
    }
}
