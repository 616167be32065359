internal import Compression
package import Domain
package import Feeds
internal import Store

/// Posts that are accepted together: the lines of one request.
package struct LivePiece: Sendable {
    /// Whole lines, each with its end.
    let text: [UInt8]
    let posts: Int
    let latest: Timestamp?
    let receivedAt: Timestamp
    let key: LiveBatch.Key?

    /// Why a request's lines are refused.
    package enum Fault: Error, Equatable, Sendable {
        case line(PostCensus.Fault)
        case empty
    }

    /// Reads lines as a worker will, so that whoever sent bad ones learns it.
    ///
    /// - Throws: `Fault`; `FeedError` for a mapping that cannot be right.
    package init(
        _ text: [UInt8], mapping: SourceMapping?, receivedAt: Timestamp, key: (String, digest: [UInt8])?
    ) throws {
        let census = try PostCensus(text, mapping: mapping, receivedAt: receivedAt)
        if let fault = census.fault { throw Fault.line(fault) }
        guard census.posts > 0 else { throw Fault.empty }
        self.text = text.last == 0x0A ? text : text + [0x0A]
        posts = census.posts
        latest = census.latest
        self.receivedAt = receivedAt
        self.key = key.map { LiveBatch.Key(name: $0.0, digest: $0.digest, posts: census.posts) }
    }
}

extension LiveBatch {
    /// Pieces one after another.
    init(_ pieces: [LivePiece], at now: Timestamp) throws {
        var text: [UInt8] = []
        text.reserveCapacity(pieces.reduce(0) { $0 + $1.text.count })
        for piece in pieces { text += piece.text }
        self.init(
            payload: try ZstdFrame.compressed(text), length: Int64(text.count),
            latest: pieces.compactMap(\.latest).max(),
            // A post is judged by the piece that brought it, which was read before this moment.
            receivedAt: now, keys: pieces.compactMap(\.key))
    }
}
