package import Domain

/// What a text of posts holds, found by reading it as a worker will.
package struct PostCensus: Equatable, Sendable {
    /// A record that cannot be read.
    package struct Fault: Equatable, Sendable {
        /// From 1.
        package var line: Int
        package var reason: String
    }

    package private(set) var posts = 0
    /// The first one.
    package private(set) var fault: Fault?
    /// The time of the latest post, not after its arrival: a wrong clock must not close the windows of others.
    package private(set) var latest: Timestamp?

    /// - Parameters:
    ///   - text: JSON Lines as they are, or a payload.
    ///   - receivedAt: when it arrived.
    /// - Throws: `FeedError` for a mapping that cannot be right.
    package init(
        _ text: [UInt8], format: SourceDescription.Format = .jsonLines,
        compression: SourceDescription.Compression = .none, mapping: SourceMapping?, receivedAt: Timestamp
    ) throws(FeedError) {
        let source = SourceDescription(place: .payload(name: "posts"), format: format, compression: compression)
        let shard = ShardDescription(
            id: ShardID(rawValue: 0), source: source, offset: 0, length: Int64(text.count), receivedAt: receivedAt)
        let reader = try PostReader(
            shard: shard, payload: text, mapping: mapping,
            latest: Timestamp(milliseconds: receivedAt.milliseconds + Post.futureTolerance))
        while let batch = try reader.nextBatch() {
            posts += batch.posts.count
            for post in batch.posts {
                let moment = min(post.createdAt, receivedAt)
                latest = max(latest ?? moment, moment)
            }
            if fault == nil, let first = batch.quarantined.first {
                let lines = text.prefix(Int(first.offset)).count { $0 == 0x0A }
                fault = Fault(line: lines + 1, reason: first.reason)
            }
        }
    }
}
