package import Domain
internal import Feeds
internal import Monitors
internal import Readings
package import Trends

/// Reads one shard and folds it into partials: parse, drop repeats, match brands, infer, count.
///
/// Pure but for reading the source; the sequential count and the workers of a cluster run this same code.
package struct ShardPipeline {
    /// A part is emitted when it holds about this much, so that memory stays bounded however long the shard is.
    package static let partLimit = 4 << 20
    /// Posts per inference batch: enough to amortise calls, few enough to stay in the cache.
    package static let batchSize = 512

    /// See `PostReader.skipped`.
    package var skipped: [Int64: String] = [:]
    /// See `PostReader.willRead`.
    var willRead: ((Int64) -> Void)?
    private let context: JobContext
    private let batchSize: Int
    private let sabotage: Sabotage
    private var builder: PartialBuilder
    private var seen = RecentPosts()
    private var matches = BrandMatches()
    private var scratch = Matcher.Scratch()

    /// - Parameter batchSize: posts that are handled together; the result is the same for each.
    package init(context: JobContext, batchSize: Int = Self.batchSize) {
        self.context = context
        self.batchSize = batchSize
        sabotage = .ofEnvironment
        builder = PartialBuilder(
            grains: context.monitor.windows,
            unsureBelow: context.monitor.unsureBelowMillionths, hearsVoices: context.monitor.alerts != nil)
    }

    /// Runs the whole shard.
    ///
    /// - Parameters:
    ///   - payload: the shard's bytes when its source is kept in PostgreSQL.
    ///   - isCancelled: asked once a batch; when true the run ends with `CancellationError`.
    ///   - emit: takes each part in order; a shard without a post still emits one.
    /// - Throws: `FeedError` when the source cannot be read, `CancellationError`, and what `emit` throws.
    package mutating func run(
        _ shard: ShardDescription, payload: [UInt8]? = nil, isCancelled: () -> Bool = { false },
        emit: (Partial) throws -> Void
    ) throws {
        let reader = try PostReader(
            shard: shard, payload: payload, mapping: context.monitor.source, latest: context.latest(in: shard))
        reader.skipped = skipped
        reader.willRead = willRead
        while var batch = try reader.nextBatch(limit: batchSize) {
            guard !isCancelled() else { throw CancellationError() }
            fold(&batch)
            if builder.estimatedBytes >= Self.partLimit { try emit(finishedPart()) }
        }
        try emit(finishedPart())
    }

    /// What was counted since the last part, with reasons for the posts that stayed in its samples.
    private mutating func finishedPart() -> Partial {
        var part = builder.finish()
        if let reader = context.reader, context.monitor.explain != .none { reader.explain(&part) }
        return part
    }

    /// The builder counts what it absorbs; what never reaches it is counted here.
    private mutating func fold(_ batch: inout PostBatch) {
        sabotage.strike(batch.posts)
        builder.totals.bytes += batch.bytes
        builder.totals.records += Int64(batch.posts.count + batch.quarantined.count)
        builder.quarantine(batch.quarantined)
        batch.posts.removeAll { !keep($0) }
        context.matcher.match(batch.posts, into: &matches, scratch: &scratch)
        let read = readings(of: batch.posts)
        let mentions = context.heads?.readings(batch.posts, matches, read.readings) ?? MentionReadings()
        builder.absorb(
            batch.posts, matches, readings: read.readings, ofMentions: mentions, reasons: read.reasons)
    }

    private mutating func keep(_ post: Post) -> Bool {
        guard post.operation == .upsert else {
            builder.totals.deletions += 1
            return false
        }
        guard seen.isNew(post) else {
            builder.totals.duplicates += 1
            return false
        }
        guard context.wants(language: post.language) else {
            builder.totals.filtered += 1
            return false
        }
        return true
    }

    /// Reads the posts that mention a brand; the others are never looked at again.
    private func readings(of posts: [Post]) -> (readings: [Reading?], reasons: [PostReasons?]) {
        guard let reader = context.reader else { return ([], []) }
        let mentioned = posts.indices.filter { !matches[$0].isEmpty }
        var readings = [Reading?](repeating: nil, count: posts.count)
        let texts = mentioned.map { TextReader.Input(posts[$0].text, declared: posts[$0].language) }
        guard context.monitor.explain == .all else {
            for (post, reading) in zip(mentioned, reader.read(texts)) { readings[post] = reading }
            return (readings, [])
        }
        var reasons = [PostReasons?](repeating: nil, count: posts.count)
        let read = reader.readExplaining(texts, unsureBelow: context.monitor.unsureBelowMillionths)
        for (index, post) in mentioned.enumerated() {
            (readings[post], reasons[post]) = (read.readings[index], read.reasons[index])
        }
        return (readings, reasons)
    }
}
